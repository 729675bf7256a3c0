package dev.waybill.product;

import java.text.Normalizer;
import java.util.Locale;

/** Converts the names of columns to the form in which they are compared with synonyms. */
final class HeaderName {

  /**
   * The maximum length of a name that is compared. A longer name is never the name of a field. The
   * limit keeps comparisons cheap.
   */
  private static final int LONGEST = 100;

  private HeaderName() {}

  /**
   * The name in lower case, without accents, white space, punctuation, currency signs and any text
   * in brackets. {@code Price (€) *} becomes {@code price}.
   */
  static String folded(String name) {
    if (name.length() > LONGEST) {
      return "";
    }
    String plain = Normalizer.normalize(name, Normalizer.Form.NFKD);
    StringBuilder kept = new StringBuilder(plain.length());
    int depth = 0;
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth = Math.max(0, depth - 1);
      } else if (depth == 0 && isKept(c)) {
        kept.append(c);
      }
    }
    return kept.toString().toLowerCase(Locale.ROOT).replace("ß", "ss").replace("ł", "l");
  }

  /**
   * Keeps the voicing marks of Japanese kana, because a letter with a voicing mark is a different
   * letter.
   */
  private static boolean isKept(char c) {
    return Character.isLetterOrDigit(c) || c == '\u3099' || c == '\u309a' || c == 'ー';
  }
}
