package dev.waybill.product;

import java.text.Normalizer;
import java.util.Locale;

/** The form in which names of columns are compared with synonyms. */
final class HeaderName {

  /** Longer names are no field's; bounds the work. */
  private static final int LONGEST = 100;

  private HeaderName() {}

  /**
   * What is left of a name when case, accents, white space, punctuation, currency signs, and what
   * stands in brackets do not count. {@code Price (€) *} is {@code price}.
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

  /** Kana keep their voicing marks, which make other letters of them. */
  private static boolean isKept(char c) {
    return Character.isLetterOrDigit(c) || c == '\u3099' || c == '\u309a' || c == 'ー';
  }
}
