package dev.waybill.csv;

import dev.waybill.csv.Shape.Escape;

/**
 * Splits one complete record into cells, character by character. This class handles blanks around
 * quotes, other quotes than {@code "}, and backslashes that escape the next character.
 */
final class DialectCells {

  private final char delimiter;
  private final char quote;
  private final Escape escape;

  DialectCells(CsvFormat format) {
    this.delimiter = format.delimiter().symbol();
    this.quote = format.shape().quote();
    this.escape = format.shape().escape();
  }

  String[] split(String record, int count) {
    String[] cells = new String[count];
    StringBuilder cell = new StringBuilder();
    int i = 0;
    for (int column = 0; column < count; column++) {
      cell.setLength(0);
      int first = afterBlanks(record, i);
      boolean quoted = first < record.length() && record.charAt(first) == quote;
      i = quoted ? readQuoted(record, first + 1, cell) : readUnquoted(record, i, cell);
      cells[column] = !quoted && isNull(cell) ? "" : unescaped(cell.toString());
      i++;
    }
    return cells;
  }

  /** Whether the cell is {@code \N}, which MySQL writes without quotes for a missing value. */
  private boolean isNull(CharSequence cell) {
    return escape == Escape.BACKSLASH && cell.toString().strip().equals("\\N");
  }

  private int readUnquoted(String record, int from, StringBuilder cell) {
    int i = from;
    while (i < record.length() && record.charAt(i) != delimiter) {
      i = take(record, i, cell);
    }
    return i;
  }

  private int readQuoted(String record, int from, StringBuilder cell) {
    int i = from;
    while (i < record.length()) {
      if (record.charAt(i) != quote) {
        i = take(record, i, cell);
      } else if (i + 1 < record.length() && record.charAt(i + 1) == quote) {
        cell.append(quote);
        i += 2;
      } else {
        break;
      }
    }
    int delimiterAt = record.indexOf(delimiter, i);
    return delimiterAt < 0 ? record.length() : delimiterAt;
  }

  /**
   * Appends the character at {@code i}. If this character is an escaping backslash, also appends
   * the character after the backslash.
   */
  private int take(String record, int i, StringBuilder cell) {
    char c = record.charAt(i);
    cell.append(c);
    if (c == '\\' && escape == Escape.BACKSLASH && i + 1 < record.length()) {
      cell.append(record.charAt(i + 1));
      return i + 2;
    }
    return i + 1;
  }

  private int afterBlanks(String record, int from) {
    int i = from;
    while (i < record.length()
        && record.charAt(i) != delimiter
        && (record.charAt(i) == ' ' || record.charAt(i) == '\t')) {
      i++;
    }
    return i;
  }

  private String unescaped(String cell) {
    return escape == Escape.NONE ? cell : unescaped(cell, escape);
  }

  /** The text with its escapes resolved. */
  static String unescaped(String text, Escape escape) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        c = text.charAt(i);
        plain.append(
            switch (c) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              default -> escape == Escape.BACKSLASH ? control(c) : c;
            });
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  /**
   * The control character that this letter means after a backslash in MySQL. NUL becomes U+FFFD,
   * because no database stores NUL.
   */
  private static char control(char c) {
    return switch (c) {
      case 't' -> '\t';
      case 'b' -> '\b';
      case '0' -> '\uFFFD';
      case 'Z' -> '\u001A';
      default -> c;
    };
  }
}
