package dev.waybill.product;

import dev.waybill.problem.Problem;
import java.text.Normalizer;

/**
 * Checks and normalises skus. Two skus that look the same must not become two products. So a sku
 * has no invisible characters and is stored in the normal form NFC. Characters that look different
 * stay different; for example, full-width letters are kept.
 */
final class Sku {

  static final int MAX_LENGTH = 64;

  /**
   * The lowest character that can combine with another character. NFC does not change a text whose
   * characters are all lower than this character.
   */
  private static final int FIRST_COMBINING = 0x300;

  /**
   * The maximum length of most words for an empty value, such as {@code null}. Only {@code
   * undefined} is longer.
   */
  private static final int SHORT = 6;

  private Sku() {}

  /**
   * Reads a sku from a request.
   *
   * @throws Problem 400 if no product can have this sku
   */
  static String asked(String text) {
    String sku = stripped(text);
    if (sku.codePointCount(0, sku.length()) > MAX_LENGTH) {
      throw Problem.parameter("A sku has at most %d characters.".formatted(MAX_LENGTH));
    }
    int invisible = firstInvisible(sku);
    if (invisible >= 0) {
      throw Problem.parameter(
          "A sku has no invisible characters, but this one has %s."
              .formatted(nameOf(sku.codePointAt(invisible))));
    }
    return sku;
  }

  /**
   * Whether the text needs no closer check. This is the case if the text is printable ASCII and
   * meets two more conditions. The text must not look like a text that a spreadsheet or a database
   * has written. The text must not look like a line that is not a product, such as a total.
   */
  static boolean isPlain(String text) {
    int length = text.length();
    if (length <= SHORT || length > MAX_LENGTH || "='#uU(\\-_".indexOf(text.charAt(0)) >= 0) {
      return false;
    }
    if (DamagedSku.maySuspect(text) || NonProductLine.isLikely(text)) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '+') {
        return false;
      }
    }
    return true;
  }

  /** The text without white space and invisible characters at its start and end. */
  static String stripped(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isNothing(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (to > from && isNothing(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static boolean isNothing(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || Invisible.is(character);
  }

  /** The sku in the normal form NFC. */
  static String normalized(String sku) {
    for (int i = 0; i < sku.length(); i++) {
      if (sku.charAt(i) >= FIRST_COMBINING) {
        return Normalizer.normalize(sku, Normalizer.Form.NFC);
      }
    }
    return sku;
  }

  /** The index of the first invisible character, or -1 if the sku has no invisible character. */
  static int firstInvisible(String sku) {
    for (int i = 0; i < sku.length(); i++) {
      char c = sku.charAt(i);
      // Looks up only non-ASCII characters in the Unicode tables, because most skus are ASCII.
      if (c < ' ' || c > '~') {
        int character = sku.codePointAt(i);
        if (Invisible.is(character) || looksLikeAnother(character)) {
          return i;
        }
        i += Character.charCount(character) - 1;
      }
    }
    return -1;
  }

  /**
   * Whether the character looks the same as the ASCII space or the ASCII hyphen, but is a different
   * character.
   */
  private static boolean looksLikeAnother(int character) {
    return character == 0x2010 || character == 0x2011 || Character.isSpaceChar(character);
  }

  /** The name of a character, such as {@code U+200B}. */
  static String nameOf(int character) {
    return "U+%04X".formatted(character);
  }
}
