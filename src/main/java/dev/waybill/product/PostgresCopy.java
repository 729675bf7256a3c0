package dev.waybill.product;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Sends rows in PostgreSQL's binary format for COPY. It takes less of the server's time than text,
 * in which the server searches each byte for tabs, ends of lines and backslashes.
 */
final class PostgresCopy {

  /** The server works on one buffer while the next is being filled. */
  private static final int BUFFER_BYTES = 64 * 1024;

  /** As much as this is sent from where it stands, and not by way of the buffer. */
  private static final int WORTH_A_MESSAGE = BUFFER_BYTES / 4;

  /** The format's signature, no flags, no extension. */
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
   * @param statement a {@code COPY … FROM STDIN (FORMAT binary)} of the columns of these rows
   * @param rows as {@link PostgresRows} has encoded them
   * @param numbered whether each row begins with one more column, its place in the list
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

  /** Sends together what stands behind each other in a block. */
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

  /** Puts a row with its number as the first of its columns. */
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
