package dev.waybill.sheet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.file.Draft;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes rows as CSV text. The line number of each row in the text equals the row number in the
 * sheet, so a message about a line is also correct for the sheet. Short rows get blank cells at the
 * end, until they are as wide as the widest of the first rows.
 */
final class TextRows {

  /**
   * The number of first rows that determine the width of the table. The header is one of the first
   * 20 rows.
   */
  private static final int FIRST_ROWS = 100;

  /** The maximum number of characters of the rows that determine the width. */
  private static final int FIRST_CHARACTERS = 1 << 20;

  private static final int BUFFER_CHARACTERS = 32 << 10;

  private final Draft out;
  private final int longestRow;
  private final long maxBytes;
  private final List<Row> first = new ArrayList<>();
  private final StringBuilder buffer = new StringBuilder();
  private int firstCharacters;
  private boolean started;
  private int width;
  private long line = 1;

  private record Row(int number, List<String> cells) {}

  /**
   * @param longestRow the maximum number of bytes of a row
   * @param maxBytes the maximum number of bytes of the text
   */
  TextRows(Draft out, int longestRow, long maxBytes) {
    this.out = out;
    this.longestRow = longestRow;
    this.maxBytes = maxBytes;
  }

  /**
   * Adds a row that has at least one value.
   *
   * @param number the row number, greater than the numbers of all rows that were added before
   * @param cells the cells of the row, without blank cells at the end
   */
  void add(int number, List<String> cells) throws IOException {
    if (started) {
      write(number, cells);
      return;
    }
    first.add(new Row(number, List.copyOf(cells)));
    width = Math.max(width, cells.size());
    for (String cell : cells) {
      firstCharacters += cell.length() + 1;
    }
    if (first.size() == FIRST_ROWS || firstCharacters > FIRST_CHARACTERS) {
      start();
    }
  }

  void finish() throws IOException {
    start();
    flush();
  }

  private void start() throws IOException {
    started = true;
    for (Row row : first) {
      write(row.number(), row.cells());
    }
    first.clear();
  }

  private void write(int number, List<String> cells) throws IOException {
    for (; line < number; line++) {
      buffer.append('\n');
      flushIfFull();
    }
    int start = buffer.length();
    for (int i = 0; i < cells.size(); i++) {
      if (i > 0) {
        buffer.append(',');
      }
      writeCell(cells.get(i));
      // The limit is in bytes, and a character takes at least one byte. So a row that has more
      // characters than the limit is certainly too long. The exact limit is checked when the import
      // reads the row from the text.
      if (buffer.length() - start > longestRow) {
        throw SheetException.tooLarge(
            "Row %d has more than %,d bytes, which is the limit waybill.record.max-size."
                .formatted(number, longestRow));
      }
    }
    buffer.append(",".repeat(Math.max(0, width - cells.size())));
    buffer.append('\n');
    line++;
    flushIfFull();
  }

  private void writeCell(String cell) {
    boolean quoted = false;
    for (int i = 0; i < cell.length() && !quoted; i++) {
      char c = cell.charAt(i);
      quoted = c == ',' || c == '"' || c == '\n' || c == '\r' || c == '\uFEFF';
    }
    if (!quoted && cell.indexOf('\\') < 0) {
      buffer.append(cell);
      return;
    }
    if (quoted) {
      buffer.append('"');
    }
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      switch (c) {
        case '"' -> buffer.append("\"\"");
        case '\n' -> buffer.append("\\n");
        case '\r' -> buffer.append("\\r");
        case '\\' -> buffer.append("\\\\");
        default -> buffer.append(c);
      }
    }
    if (quoted) {
      buffer.append('"');
    }
  }

  private void flushIfFull() throws IOException {
    if (buffer.length() >= BUFFER_CHARACTERS) {
      flush();
    }
  }

  private void flush() throws IOException {
    byte[] bytes = buffer.toString().getBytes(UTF_8);
    if (out.size() + bytes.length > maxBytes) {
      throw SheetException.tooLarge(
          "The cells of the sheet have more than %,d bytes as text, which is the limit waybill.upload.max-size."
              .formatted(maxBytes));
    }
    out.write(bytes, 0, bytes.length);
    buffer.setLength(0);
  }
}
