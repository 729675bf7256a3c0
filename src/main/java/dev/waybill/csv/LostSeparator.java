package dev.waybill.csv;

/**
 * Finds a place where the delimiter before a quoted cell is missing, as in {@code P60"Mug,
 * large",x}. Without this delimiter, the quotes no longer protect the delimiter between them. So
 * the record can still have as many cells as the header, and look undamaged.
 */
final class LostSeparator {

  private LostSeparator() {}

  /**
   * The cell (from 1) that contains an opening quote whose closing quote is in a later cell; 0 if
   * there is no such cell. Quotes that look like inch signs are ignored, as in {@code 19"
   * rack,Screen 24"}.
   */
  static int column(String record, char delimiter, char quote) {
    int column = 1;
    int openIn = 0;
    boolean openIsInches = false;
    int start = 0;
    while (start <= record.length()) {
      int first = start;
      while (first < record.length() && isBlank(record.charAt(first), delimiter)) {
        first++;
      }
      boolean quoted = first < record.length() && record.charAt(first) == quote;
      int end = record.indexOf(delimiter, quoted ? closing(record, first, quote) : start);
      if (end < 0) {
        end = record.length();
      }
      if (!quoted && isOdd(record, start, end, quote)) {
        boolean inches = onlyInches(record, start, end, quote);
        if (openIn > 0 && !(inches && openIsInches)) {
          return openIn;
        }
        openIn = openIn > 0 ? 0 : column;
        openIsInches = inches;
      }
      start = end + 1;
      column++;
    }
    return 0;
  }

  private static boolean isBlank(char c, char delimiter) {
    return (c == ' ' || c == '\t') && c != delimiter;
  }

  private static int closing(String record, int opening, char quote) {
    int i = opening + 1;
    while (i < record.length()) {
      if (record.charAt(i) != quote) {
        i++;
      } else if (i + 1 < record.length() && record.charAt(i + 1) == quote) {
        i += 2;
      } else {
        return i;
      }
    }
    return record.length();
  }

  private static boolean isOdd(String record, int from, int to, char quote) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += record.charAt(i) == quote ? 1 : 0;
    }
    return count % 2 == 1;
  }

  /**
   * Whether all quotes look like inch signs. A quote looks like an inch sign if it follows a digit
   * or a fraction, and no word comes directly after it.
   */
  private static boolean onlyInches(String record, int from, int to, char quote) {
    for (int i = from; i < to; i++) {
      if (record.charAt(i) == quote) {
        char before = i > from ? record.charAt(i - 1) : ' ';
        char after = i + 1 < to ? record.charAt(i + 1) : ' ';
        boolean number =
            Character.isDigit(before) || Character.getType(before) == Character.OTHER_NUMBER;
        boolean word = Character.isLetterOrDigit(after) && after != 'x' && after != 'X';
        if (!number || word) {
          return false;
        }
      }
    }
    return true;
  }
}
