package dev.waybill.product;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Sends rows in PostgreSQL's binary format for COPY. The server needs less time for this format
 * than for the text format. In the text format, the server must search every byte for tabs, line
 * ends and backslashes.
 */
final class PostgresCopy {

  /**
   * The size of the buffer. The server processes the content of one buffer while this class fills
   * the next one.
   */
  private static final int BUFFER_BYTES = 64 * 1024;

  /** The minimum size, in bytes, of data that is sent directly without a copy in the buffer. */
  private static final int WORTH_A_MESSAGE = BUFFER_BYTES / 4;

  /** The signature of the format, followed by no flags and no extension. */
  private static final byte[] HEADER = "PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0".getBytes(ISO_8859_1);

  private static final short END = -1;

  private final CopyIn copy;
  private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  private PostgresCopy(CopyIn copy) {
    this.copy = copy;
  }

  /**
   * Copies rows.
   *
   * @param statement a {@code COPY … FROM STDIN (FORMAT binary)} with the columns of these rows
   * @param rows rows that {@link PostgresRows} has encoded
   * @param numbered whether each row gets an additional first column with its index in the list
   */
  static void rows(Connection connection, String statement, List<ProductRow> rows, boolean numbered)
      throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
    try {
      new PostgresCopy(copy).send(rows, numbered);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private void send(List<ProductRow> rows, boolean numbered) throws SQLException {
    buffer.put(HEADER);
    if (numbered) {
      int number = 0;
      for (ProductRow row : rows) {
        putNumbered(number++, row);
      }
    } else {
      sendRuns(rows);
    }
    makeRoom(Short.BYTES);
    buffer.putShort(END);
    flush();
  }

  /** Sends rows that are adjacent in the same block together. */
  private void sendRuns(List<ProductRow> rows) throws SQLException {
    byte[] block = {};
    int from = 0;
    int to = 0;
    for (ProductRow row : rows) {
      if (row.block() == block && row.from() == to) {
        to = row.to();
      } else {
        send(block, from, to);
        block = row.block();
        from = row.from();
        to = row.to();
      }
    }
    send(block, from, to);
  }

  private void send(byte[] block, int from, int to) throws SQLException {
    int length = to - from;
    if (length >= WORTH_A_MESSAGE) {
      flush();
      copy.writeToCopy(block, from, length);
    } else {
      makeRoom(length);
      buffer.put(block, from, length);
    }
  }

  /** Puts a row into the buffer. The number of the row becomes its first column. */
  private void putNumbered(int number, ProductRow row) throws SQLException {
    ByteBuffer encoded = ByteBuffer.wrap(row.block(), row.from(), row.to() - row.from());
    makeRoom(2 * Integer.BYTES + encoded.remaining());
    short columns = encoded.getShort();
    buffer.putShort((short) (1 + columns)).putInt(Integer.BYTES).putInt(number).put(encoded);
  }

  private void makeRoom(int bytes) throws SQLException {
    if (bytes > buffer.remaining()) {
      flush();
      if (bytes > buffer.capacity()) {
        buffer = ByteBuffer.allocate(bytes);
      }
    }
  }

  private void flush() throws SQLException {
    if (buffer.position() > 0) {
      copy.writeToCopy(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
  }
}
