package dev.waybill.csv;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes CSV that every reader accepts and in which no spreadsheet runs a cell as a formula. The
 * default is UTF-8 without byte order mark, with commas. Lines end with LF. A cell has quotes only
 * if it needs them. Each row is one write. The caller buffers the output, and flushes and closes
 * the stream. Only one thread at a time may use an instance.
 */
public final class CsvOutput {

  private static final String RUN_BY_SPREADSHEETS = "=+-@\uff1d\uff0b\uff0d\uff20";

  /**
   * The characters after which another program may start a new cell. This occurs if the program
   * splits cells at other delimiters than the delimiter of this file, and treats quotes in the
   * middle of a cell as text.
   */
  private static final String SPLIT_BY_OTHERS = ";|\t\r\n";

  /** The same as {@link #SPLIT_BY_OTHERS}, for a file whose delimiter is not the comma. */
  private static final String SPLIT_BY_OTHERS_AND_COMMA = "," + SPLIT_BY_OTHERS;

  /**
   * The characters that make a formula dangerous. A text that starts with + or - can call a
   * function or read another sheet only if it contains one of these characters.
   */
  private static final String NEEDED_TO_HARM = "(|!\uff08\uff5c\uff01";

  private static final Pattern PLAIN_NUMBER = Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?");

  private final OutputStream out;
  private final Charset charset;
  private final Delimiter delimiter;
  private final StringBuilder row = new StringBuilder(256);

  public CsvOutput(OutputStream out) {
    this(out, StandardCharsets.UTF_8, Delimiter.COMMA);
  }

  /**
   * Creates a writer. The writer writes {@code ?} for a character that the charset does not have.
   */
  public CsvOutput(OutputStream out, Charset charset, Delimiter delimiter) {
    this.out = out;
    this.charset = charset;
    this.delimiter = delimiter;
  }

  /** Writes a row. {@link #defuse} is applied to every cell. Null is written as an empty cell. */
  public void row(List<? extends @Nullable String> cells) throws IOException {
    row.setLength(0);
    boolean alone = cells.size() == 1;
    boolean first = true;
    for (String cell : cells) {
      if (!first) {
        row.appendCodePoint(delimiter.character());
      }
      append(defuse(cell == null ? "" : cell, splitters(delimiter)), alone);
      first = false;
    }
    row.append('\n');
    out.write(row.toString().getBytes(charset));
  }

  private static String splitters(Delimiter delimiter) {
    return delimiter.equals(Delimiter.COMMA) ? SPLIT_BY_OTHERS : SPLIT_BY_OTHERS_AND_COMMA;
  }

  /**
   * Puts a {@code '} before a cell that a spreadsheet would run as a formula. A spreadsheet runs a
   * cell as a formula if the cell starts with {@code = + - @} or a full-width form of these signs.
   * A plain number is an exception. White space, quotes or invisible characters before the sign
   * make no difference.
   *
   * <p>The same applies to each part of a cell that a program with another delimiter reads as a
   * separate cell. If a dangerous cell already starts with a {@code '}, another {@code '} is added,
   * so that {@link #restore} can remove exactly the added sign. This method is for a file with
   * commas.
   */
  public static String defuse(String cell) {
    return defuse(cell, SPLIT_BY_OTHERS);
  }

  private static String defuse(String cell, String splitters) {
    if (isPlain(cell, splitters)) {
      return cell;
    }
    StringBuilder defused = new StringBuilder(cell.length() + 1);
    for (int from = 0, to; from <= cell.length(); from = to + 1) {
      to = partEnd(cell, from, splitters);
      boolean number = PLAIN_NUMBER.matcher(cell).region(from, to).matches();
      if (runs(cell, from, to) && !number) {
        defused.append('\'');
      }
      defused.append(cell, from, Math.min(to + 1, cell.length()));
    }
    return defused.toString();
  }

  /**
   * Removes exactly the signs that {@link #defuse} added: {@code restore(defuse(cell))} is the
   * original cell. Call this method before the cell is stripped. If white space precedes a {@code
   * '}, this {@code '} was in the original cell and stays.
   *
   * @param delimiter the delimiter of the file that contains the cell
   */
  public static String restore(String cell, Delimiter delimiter) {
    if (cell.indexOf('\'') < 0) {
      return cell;
    }
    String splitters = splitters(delimiter);
    StringBuilder restored = new StringBuilder(cell.length());
    for (int from = 0, to; from <= cell.length(); from = to + 1) {
      to = partEnd(cell, from, splitters);
      boolean defused = from < to && cell.charAt(from) == '\'' && runs(cell, from, to);
      restored.append(cell, defused ? from + 1 : from, Math.min(to + 1, cell.length()));
    }
    return restored.toString();
  }

  /**
   * Whether the cell starts with a letter or digit and contains no character at which a program may
   * split it. This is true for most cells. A cell for which it is true is never changed.
   */
  private static boolean isPlain(String cell, String splitters) {
    for (int i = 0; i < cell.length(); i++) {
      if (splitters.indexOf(cell.charAt(i)) >= 0) {
        return false;
      }
    }
    return cell.isEmpty() || Character.isLetterOrDigit(cell.charAt(0));
  }

  private static int partEnd(String cell, int from, String splitters) {
    int to = from;
    while (to < cell.length() && splitters.indexOf(cell.charAt(to)) < 0) {
      to++;
    }
    return to;
  }

  /**
   * Whether a spreadsheet would run this part of a cell. The number of {@code '} at the start of
   * the part makes no difference, so {@link #defuse} and {@link #restore} get the same result.
   */
  private static boolean runs(String cell, int from, int to) {
    int start = from;
    while (start < to && isSkipped(cell.charAt(start))) {
      start++;
    }
    if (start == to) {
      // Some programs skip a tab or CR at the start of a cell and run the rest of the cell as a
      // formula.
      return from == 0 && to < cell.length() && "\t\r".indexOf(cell.charAt(to)) >= 0;
    }
    char first = cell.charAt(start);
    if (RUN_BY_SPREADSHEETS.indexOf(first) < 0) {
      return false;
    }
    boolean isSign = first == '+' || first == '-';
    // Lines after the first line often start with a dash, for example in a list in a description.
    // So a sign at the start of such a line counts only if the line can do harm as a formula.
    return from == 0 || !isSign || needsDefusing(cell, start, to);
  }

  private static boolean needsDefusing(String cell, int from, int to) {
    for (int i = from; i < to; i++) {
      if (NEEDED_TO_HARM.indexOf(cell.charAt(i)) >= 0) {
        return true;
      }
    }
    // This part can be the text -cmd of the cell -cmd|'/c calc'!A0. Such a cell starts a program.
    return to < cell.length() && cell.charAt(to) == '|';
  }

  /** Whether a spreadsheet may ignore this character at the start of a cell. */
  private static boolean isSkipped(char c) {
    return c == '\'' || c == '"' || c <= ' ' || c > '~' && isBlank(c);
  }

  private static boolean isBlank(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.NON_SPACING_MARK ->
          true;
      default -> c == '\u115f' || c == '\u1160' || c == '\u3164' || c == '\uffa0' || c == '\u2800';
    };
  }

  /**
   * @param alone whether this is the row's only cell. If the only cell is blank, it needs quotes,
   *     because a reader skips a blank line
   */
  private void append(String cell, boolean alone) {
    if (alone && cell.isBlank() || needsQuotes(cell)) {
      row.append('"').append(cell.replace("\"", "\"\"")).append('"');
    } else {
      row.append(cell);
    }
  }

  private boolean needsQuotes(String cell) {
    if (cell.indexOf(delimiter.character()) >= 0) {
      return true;
    }
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      if (c == '"' || c == '\n' || c == '\r') {
        return true;
      }
    }
    return false;
  }
}
