package dev.waybill.sheet;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One section of a format code that formats numbers with digits. */
final class NumberPattern {

  private final List<FormatCode.Token> tokens;
  // The index of the decimal point among the tokens. If there is no decimal point, this is the
  // number of tokens.
  private final int point;
  private final int places;
  private final int leastPlaces;
  private final boolean grouped;
  // The exponent of the power of ten by which the number is multiplied.
  private final int shift;
  private final boolean hasPlaceholder;

  NumberPattern(List<FormatCode.Token> tokens) {
    this.tokens = tokens;
    int pointAt = tokens.size();
    for (int i = tokens.size() - 1; i >= 0; i--) {
      pointAt = tokens.get(i).is(".") ? i : pointAt;
    }
    this.point = pointAt;
    int last = -1;
    int behind = 0;
    int least = 0;
    int percents = 0;
    int end = -1;
    for (int i = 0; i < tokens.size(); i++) {
      FormatCode.Token token = tokens.get(i);
      if (token.isPlaceholder() && i < point) {
        last = i;
      } else if (token.isPlaceholder()) {
        behind++;
        end = i;
        least = token.text().equals("0") ? behind : least;
      }
      percents += token.is("%") ? 1 : 0;
    }
    this.places = behind;
    this.leastPlaces = least;
    this.hasPlaceholder = last >= 0 || behind > 0;
    boolean comma = false;
    for (int i = 0; i < last; i++) {
      comma |= tokens.get(i).is(",");
    }
    this.grouped = comma;
    this.shift = 2 * percents - 3 * (commasBehind(last) + (behind > 0 ? commasBehind(end) : 0));
  }

  /**
   * The number of commas directly after a placeholder for a digit. Each comma after the last
   * placeholder divides the number by a thousand.
   */
  private int commasBehind(int placeholder) {
    int commas = 0;
    while (placeholder >= 0
        && placeholder + 1 + commas < tokens.size()
        && tokens.get(placeholder + 1 + commas).is(",")) {
      commas++;
    }
    return commas;
  }

  /**
   * Formats a number. If this section has no placeholder for digits, returns the literal text of
   * the section. Returns null if the value would be lost. The value is lost if the literal text
   * contains neither letters nor digits, or if the result contains no digit.
   */
  @Nullable String show(BigDecimal value) {
    if (!hasPlaceholder) {
      return words();
    }
    BigDecimal rounded =
        value.abs().scaleByPowerOfTen(shift).setScale(places, RoundingMode.HALF_UP);
    String digits = rounded.toPlainString();
    int dot = digits.indexOf('.');
    String whole = dot < 0 ? digits : digits.substring(0, dot);
    String behind = dot < 0 ? "" : digits.substring(dot + 1);
    int keep = behind.length();
    while (keep > leastPlaces && behind.charAt(keep - 1) == '0') {
      keep--;
    }
    String shown = before(whole.equals("0") ? "" : whole) + after(behind.substring(0, keep));
    boolean parentheses = shown.indexOf('(') >= 0 && shown.indexOf(')') >= 0 && value.signum() < 0;
    shown = (parentheses ? shown.replace("(", "").replace(")", "") : shown).strip();
    if (shown.chars().noneMatch(Character::isDigit)) {
      // The result contains no digit. For example, accounting formats show zero as a dash.
      return null;
    }
    boolean needsSign = value.signum() < 0 && rounded.signum() != 0 && shown.indexOf('-') < 0;
    return needsSign ? "-" + shown : shown;
  }

  /**
   * The literal text that the section shows instead of the number. Null if this text contains
   * neither letters nor digits.
   */
  private @Nullable String words() {
    StringBuilder words = new StringBuilder();
    tokens.stream().filter(FormatCode.Token::literal).forEach(token -> words.append(token.text()));
    String text = words.toString().strip();
    return text.chars().anyMatch(Character::isLetterOrDigit) ? text : null;
  }

  /**
   * Formats the digits before the decimal point. Works from right to left, because the leftmost
   * placeholder gets all digits that remain.
   */
  private String before(String whole) {
    Deque<String> pieces = new ArrayDeque<>();
    int digit = whole.length();
    int shownDigits = 0;
    int first = firstWhole();
    for (int i = Math.min(point, tokens.size()) - 1; i >= 0; i--) {
      FormatCode.Token token = tokens.get(i);
      if (token.isPlaceholder()) {
        int stop = i == first ? 0 : Math.max(0, digit - 1);
        do {
          boolean has = digit > 0;
          if (has || token.text().equals("0")) {
            if (grouped && shownDigits > 0 && shownDigits % 3 == 0) {
              pieces.addFirst(",");
            }
            pieces.addFirst(has ? whole.substring(digit - 1, digit) : "0");
            shownDigits++;
          }
          digit--;
        } while (digit > stop);
        digit = Math.max(digit, 0);
      } else if (token.literal() || !token.is(",")) {
        pieces.addFirst(token.text());
      }
    }
    return String.join("", pieces);
  }

  private int firstWhole() {
    for (int i = 0; i < point; i++) {
      if (tokens.get(i).isPlaceholder()) {
        return i;
      }
    }
    return -1;
  }

  private String after(String behind) {
    StringBuilder shown = new StringBuilder();
    int digit = 0;
    for (int i = point; i < tokens.size(); i++) {
      FormatCode.Token token = tokens.get(i);
      if (i == point) {
        shown.append(behind.isEmpty() ? "" : ".");
      } else if (token.isPlaceholder()) {
        shown.append(digit < behind.length() ? behind.substring(digit, digit + 1) : "");
        digit++;
      } else if (token.literal() || !token.is(",")) {
        shown.append(token.text());
      }
    }
    return shown.toString();
  }
}
