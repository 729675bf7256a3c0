package dev.waybill.csv;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes CSV that every reader takes and no spreadsheet runs: UTF-8 without byte order mark, comma,
 * LF, a cell in quotes only where it must be. Each row leaves in one write; the caller buffers,
 * flushes and closes. For one thread at a time.
 */
public final class CsvOutput {

  private static final String RUN_BY_SPREADSHEETS = "=+-@\t\r";

  private static final Pattern PLAIN_NUMBER = Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?");

  private final OutputStream out;
  private final StringBuilder row = new StringBuilder(256);

  public CsvOutput(OutputStream out) {
    this.out = out;
  }

  /** Writes a row; every cell goes through {@link #defuse}, null is an empty one. */
  public void row(List<? extends @Nullable String> cells) throws IOException {
    row.setLength(0);
    boolean alone = cells.size() == 1;
    String separator = "";
    for (String cell : cells) {
      row.append(separator);
      append(defuse(cell == null ? "" : cell), alone);
      separator = ",";
    }
    row.append('\n');
    out.write(row.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Puts a {@code '} before what a spreadsheet would run: a cell that starts with {@code = + - @},
   * tab or CR and is no plain number. A cell that starts with {@code '}s before such a character
   * gets one more, so that {@link #restore} knows which was put there.
   */
  public static String defuse(String cell) {
    int quotes = leadingQuotes(cell);
    boolean runs = startsDangerously(cell, quotes);
    boolean harmless = quotes == 0 && runs && PLAIN_NUMBER.matcher(cell).matches();
    return runs && !harmless ? "'" + cell : cell;
  }

  /**
   * Takes off exactly what {@link #defuse} put there: {@code restore(defuse(cell))} is the cell. To
   * be called before the cell is stripped, since white space before a {@code '} keeps it.
   */
  public static String restore(String cell) {
    int quotes = leadingQuotes(cell);
    return quotes > 0 && startsDangerously(cell, quotes) ? cell.substring(1) : cell;
  }

  private static int leadingQuotes(String cell) {
    int quotes = 0;
    while (quotes < cell.length() && cell.charAt(quotes) == '\'') {
      quotes++;
    }
    return quotes;
  }

  private static boolean startsDangerously(String cell, int from) {
    return from < cell.length() && RUN_BY_SPREADSHEETS.indexOf(cell.charAt(from)) >= 0;
  }

  /**
   * @param alone the row's only cell: unquoted and blank it would be a blank line, which is no row
   */
  private void append(String cell, boolean alone) {
    if (alone && cell.isBlank() || needsQuotes(cell)) {
      row.append('"').append(cell.replace("\"", "\"\"")).append('"');
    } else {
      row.append(cell);
    }
  }

  private static boolean needsQuotes(String cell) {
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      if (c == ',' || c == '"' || c == '\n' || c == '\r') {
        return true;
      }
    }
    return false;
  }
}
