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
      int plain = 0;
      for (int i = 0; i < utf8.length; i++) {
        if (hasEscape(utf8[i])) {
          append(utf8, plain, i);
          escape(utf8[i]);
          plain = i + 1;
        }
      }
      append(utf8, plain, utf8.length);
    }
    buffer[used++] = '\t';
  }

  private static boolean hasEscape(byte each) {
    return each == '\\' || each <= '\r' && (each == '\n' || each == '\r' || each == '\t');
  }

  private void append(byte[] utf8, int from, int to) {
    System.arraycopy(utf8, from, buffer, used, to - from);
    used += to - from;
  }

  private void escape(byte each) {
    buffer[used++] = '\\';
    buffer[used++] =
        switch (each) {
          case '\n' -> 'n';
          case '\r' -> 'r';
          case '\t' -> 't';
          default -> each;
        };
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
