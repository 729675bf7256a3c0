package dev.waybill.product;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Sends rows in PostgreSQL's text format for COPY, encoded by hand into one buffer. */
final class PostgresCopy {

  /** The server works on one buffer while the next is being filled. */
  private static final int BUFFER_BYTES = 64 * 1024;

  private static final byte[] NULL = {'\\', 'N'};

  private final CopyIn copy;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int used;

  private PostgresCopy(CopyIn copy) {
    this.copy = copy;
  }

  /**
   * Copies rows.
   *
   * @param statement a {@code COPY … FROM STDIN} of the mapping's fields, then of its attributes
   *     where it has any
   * @param numbered whether each row begins with its place in the list
   */
  static void rows(
      Connection connection,
      String statement,
      HeaderMapping mapping,
      List<ProductRow> rows,
      boolean numbered)
      throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
    try {
      PostgresCopy out = new PostgresCopy(copy);
      int slots = mapping.fields().size();
      boolean hasAttributes = mapping.hasAttributes();
      int number = 0;
      for (ProductRow row : rows) {
        if (numbered) {
          out.cell(Integer.toString(number++));
        }
        for (int slot = 0; slot < slots; slot++) {
          out.cell(row.value(slot));
        }
        if (hasAttributes) {
          out.cell(row.attributes());
        }
        out.endRow();
      }
      out.flush();
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private void cell(@Nullable String value) throws SQLException {
    if (value == null) {
      makeRoom(NULL.length + 1);
      buffer[used++] = NULL[0];
      buffer[used++] = NULL[1];
    } else {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      makeRoom(2 * utf8.length + 1);
      for (byte each : utf8) {
        escape(each);
      }
    }
    buffer[used++] = '\t';
  }

  private void escape(byte each) {
    switch (each) {
      case '\\' -> escaped('\\');
      case '\n' -> escaped('n');
      case '\r' -> escaped('r');
      case '\t' -> escaped('t');
      default -> buffer[used++] = each;
    }
  }

  private void escaped(char name) {
    buffer[used++] = '\\';
    buffer[used++] = (byte) name;
  }

  /** In place of the tab behind the last cell. */
  private void endRow() {
    buffer[used - 1] = '\n';
  }

  private void makeRoom(int bytes) throws SQLException {
    if (used + bytes > buffer.length) {
      flush();
      if (bytes > buffer.length) {
        buffer = new byte[bytes];
      }
    }
  }

  private void flush() throws SQLException {
    copy.writeToCopy(buffer, 0, used);
    used = 0;
  }
}
