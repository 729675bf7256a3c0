package dev.waybill.csv;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes CSV that every reader takes and no spreadsheet runs: UTF-8 without byte order mark and
 * comma unless another format is asked for, LF, a cell in quotes only where it must be. Each row
 * leaves in one write; the caller buffers, flushes and closes. For one thread at a time.
 */
public final class CsvOutput {

  private static final String RUN_BY_SPREADSHEETS = "=+-@\uff1d\uff0b\uff0d\uff20";

  /**
   * After each of these characters another program may see the start of a cell. Such a program
   * splits at other delimiters than this file's, and takes the quotes in the middle for text.
   */
  private static final String SPLIT_BY_OTHERS = ";|\t\r\n";

  /** The same where the cells are not separated by commas. */
  private static final String SPLIT_BY_OTHERS_AND_COMMA = "," + SPLIT_BY_OTHERS;

  /**
   * A text that starts with a sign can call a function or read another sheet only if it contains
   * one of these.
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

  /** A character that the charset does not have is written as {@code ?}. */
  public CsvOutput(OutputStream out, Charset charset, Delimiter delimiter) {
    this.out = out;
    this.charset = charset;
    this.delimiter = delimiter;
  }

  /** Writes a row; every cell goes through {@link #defuse}, null is an empty one. */
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
   * Puts a {@code '} before what a spreadsheet would run: a cell that starts with {@code = + - @}
   * or their full-width forms and is no plain number, also where white space, quotes or invisible
   * characters stand before it. So it does for each part of a cell that a program with another
   * delimiter takes for a cell of its own. A {@code '} that is there already gets one more, so that
   * {@link #restore} knows which was put there. This is the form in a file with commas.
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
   * Takes off exactly what {@link #defuse} put there: {@code restore(defuse(cell))} is the cell. To
   * be called before the cell is stripped, since white space before a {@code '} keeps it.
   *
   * @param delimiter what separates the cells of the file
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

  /** Most cells start with a letter or digit and have no part; they need no closer look. */
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

  /** Does not depend on how many {@code '} stand before the part, so both ways agree. */
  private static boolean runs(String cell, int from, int to) {
    int start = from;
    while (start < to && isSkipped(cell.charAt(start))) {
      start++;
    }
    if (start == to) {
      // A tab or CR at the start is skipped by some programs, and what follows it is run.
      return from == 0 && to < cell.length() && "\t\r".indexOf(cell.charAt(to)) >= 0;
    }
    char first = cell.charAt(start);
    if (RUN_BY_SPREADSHEETS.indexOf(first) < 0) {
      return false;
    }
    boolean isSign = first == '+' || first == '-';
    // Lists in descriptions have lines that start with a dash: these stay as they are.
    return from == 0 || !isSign || needsDefusing(cell, start, to);
  }

  private static boolean needsDefusing(String cell, int from, int to) {
    for (int i = from; i < to; i++) {
      if (NEEDED_TO_HARM.indexOf(cell.charAt(i)) >= 0) {
        return true;
      }
    }
    return to < cell.length() && cell.charAt(to) == '|'; // as in -cmd|'/c calc'!A0
  }

  /** Whether a program may skip or hide this character before it looks at the first one. */
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
   * @param alone the row's only cell: unquoted and blank it would be a blank line, which is no row
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
