package dev.waybill.product;

import org.jspecify.annotations.Nullable;

/**
 * A number in the form in which people write it in a cell. The number has two possible readings:
 * with a decimal point and with a decimal comma.
 *
 * @param byPoint the value if a point separates the decimal places, in canonical form; null if the
 *     cell is not a number in this reading
 * @param byComma the value if a comma separates the decimal places, in canonical form; null if the
 *     cell is not a number in this reading
 * @param currency the text beside the number, or null if there is no text
 */
record NumberText(@Nullable String byPoint, @Nullable String byComma, @Nullable String currency) {

  /**
   * The maximum length of a number, in characters. With this limit, the check of a longer cell
   * takes little time.
   */
  private static final int LONGEST = 60;

  private static final NumberText NONE = new NumberText(null, null, null);

  /**
   * The characters that can only group digits. These characters never separate the decimal places.
   */
  private static final String ALWAYS_GROUPS = "' ";

  static NumberText of(String cell) {
    if (cell.length() > LONGEST) {
      return NONE;
    }
    String text = plain(cell);
    int from = 0;
    while (from < text.length() && !startsNumber(text, from)) {
      from++;
    }
    int to = text.length();
    while (to > from && !isDigit(text.charAt(to - 1))) {
      to--;
    }
    int dash = afterDash(text, to);
    int numberEnd = dash > 0 ? to : withPoint(text, to);
    String before = text.substring(0, from).strip();
    String after = text.substring(Math.max(dash, numberEnd)).strip();
    boolean negative = from < to && text.charAt(from) == '-';
    if (before.equals("-")) {
      before = "";
      negative = true;
    }
    if (!before.isEmpty() && !after.isEmpty() || from >= to) {
      return NONE;
    }
    int start = from < to && "+-".indexOf(text.charAt(from)) >= 0 ? from + 1 : from;
    String digits = text.substring(start, numberEnd).strip();
    String currency = before.isEmpty() ? after : before;
    return new NumberText(
        value(digits, '.', ',', negative),
        value(digits, ',', '.', negative),
        currency.isEmpty() ? null : currency);
  }

  /** Whether both readings are possible and give different values. */
  boolean isAmbiguous() {
    return byPoint != null && byComma != null && !byPoint.equals(byComma);
  }

  private static boolean startsNumber(String text, int at) {
    char c = text.charAt(at);
    boolean sign = "+-.,".indexOf(c) >= 0;
    return isDigit(c) || sign && at + 1 < text.length() && startsDigits(text, at + 1);
  }

  private static boolean startsDigits(String text, int at) {
    return isDigit(text.charAt(at))
        || ".,".indexOf(text.charAt(at)) >= 0
            && at + 1 < text.length()
            && isDigit(text.charAt(at + 1));
  }

  /**
   * The end of a dash that is written in place of the decimal places, as in {@code 12,-}; 0 if
   * there is no dash.
   */
  private static int afterDash(String text, int to) {
    return to + 1 < text.length()
            && ".,".indexOf(text.charAt(to)) >= 0
            && "-\u2013\u2014".indexOf(text.charAt(to + 1)) >= 0
        ? to + 2
        : 0;
  }

  /**
   * The end of the number. A decimal separator without decimal places, as in {@code 5.}, is a part
   * of the number.
   */
  private static int withPoint(String text, int to) {
    return to < text.length() && ".,".indexOf(text.charAt(to)) >= 0 && to + 1 == text.length()
        ? to + 1
        : to;
  }

  /**
   * The cell in a uniform notation. This notation has ASCII digits, one kind of blank, one kind of
   * apostrophe and one kind of minus, and no invisible characters.
   */
  private static String plain(String cell) {
    StringBuilder plain = new StringBuilder(cell.length());
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      if (c >= '０' && c <= '９') {
        plain.append((char) (c - '０' + '0'));
      } else if (c == '．') {
        plain.append('.');
      } else if (c == '，') {
        plain.append(',');
      } else if (c == '\u2019' || c == '\u02bc' || c == '\u00b4') {
        plain.append('\'');
      } else if (c == '\u2212' || c == '－') {
        plain.append('-');
      } else if (Character.isSpaceChar(c) || Character.isWhitespace(c)) {
        plain.append(' ');
      } else if (c >= ' ' && (c <= '~' || Character.isSurrogate(c) || !Invisible.is(c))) {
        plain.append(c);
      }
    }
    return plain.toString().strip();
  }

  /** The canonical value, or null if the text is not a number. */
  private static @Nullable String value(
      String digits, char decimal, char thousands, boolean negative) {
    int point = digits.indexOf(decimal);
    if (point != digits.lastIndexOf(decimal)) {
      return null;
    }
    String whole = point < 0 ? digits : digits.substring(0, point);
    String places = point < 0 ? "" : digits.substring(point + 1);
    if (whole.isEmpty() && places.isEmpty() || !isDigits(places)) {
      return null;
    }
    String ungrouped = isDigits(whole) ? whole : ungrouped(whole, thousands);
    if (ungrouped == null) {
      return null;
    }
    String value = withoutOuterZeros(places.isEmpty() ? ungrouped : ungrouped + "." + places);
    return negative && !value.equals("0") ? "-" + value : value;
  }

  /**
   * The digits without grouping, or null if the grouping is wrong. Each group has three digits. The
   * Indian grouping is also accepted. In the Indian grouping, the last group has three digits and
   * the other groups have two digits.
   */
  private static @Nullable String ungrouped(String whole, char thousands) {
    char sign = 0;
    for (int i = 0; i < whole.length(); i++) {
      char c = whole.charAt(i);
      if (isDigit(c)) {
        continue;
      }
      if (sign != 0 && c != sign || c != thousands && ALWAYS_GROUPS.indexOf(c) < 0) {
        return null;
      }
      sign = c;
    }
    int first = whole.indexOf(sign);
    int last = whole.length() - whole.lastIndexOf(sign) - 1;
    if (first < 1 || first > 3 || whole.charAt(0) == '0' || last != 3) {
      return null;
    }
    int usual = 0; // the length of the groups between the first and the last one
    for (int from = first + 1, to; (to = whole.indexOf(sign, from)) >= 0; from = to + 1) {
      if (usual != 0 && to - from != usual) {
        return null;
      }
      usual = to - from;
      if (usual == 0) {
        return null;
      }
    }
    boolean indian = usual == 2 && first <= 2 && sign == ',';
    return usual == 0 || usual == 3 || indian ? whole.replace(String.valueOf(sign), "") : null;
  }

  /**
   * The number without leading zeros before the point and without trailing zeros after the point.
   * At least one digit stays before the point.
   */
  static String withoutOuterZeros(String number) {
    int point = number.indexOf('.');
    int digits = point < 0 ? number.length() : point;
    int start = 0;
    while (start < digits - 1 && number.charAt(start) == '0') {
      start++;
    }
    int end = number.length();
    if (point >= 0) {
      while (number.charAt(end - 1) == '0') {
        end--;
      }
      if (number.charAt(end - 1) == '.') {
        end--;
      }
    }
    String kept = number.substring(start, end);
    return kept.isEmpty() || kept.charAt(0) == '.' ? "0" + kept : kept;
  }

  private static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
