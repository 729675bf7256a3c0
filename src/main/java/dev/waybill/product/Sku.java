package dev.waybill.product;

import dev.waybill.problem.Problem;
import java.text.Normalizer;

/**
 * What a sku may look like. Two skus that look the same must not be two products, so it holds no
 * invisible characters and is stored in the normal form NFC. Characters that look different stay as
 * they are, full-width letters among them.
 */
final class Sku {

  static final int MAX_LENGTH = 64;

  /** From here on characters may compose with others; none below it is changed by NFC. */
  private static final int FIRST_COMBINING = 0x300;

  /** Words for nothing, such as {@code null}, are not longer; {@code undefined} is. */
  private static final int SHORT = 6;

  private Sku() {}

  /**
   * Reads a sku from a request.
   *
   * @throws Problem 400 where no product can have it
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
   * Whether the text can be taken as it is: printable ASCII, and nothing that a spreadsheet or a
   * database may have left there.
   */
  static boolean isPlain(String text) {
    int length = text.length();
    if (length <= SHORT || length > MAX_LENGTH || "='#uU(\\-_".indexOf(text.charAt(0)) >= 0) {
      return false;
    }
    if (DamagedSku.maySuspect(text)) {
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

  /** Without white space and invisible characters around it. */
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

  /** In NFC. */
  static String normalized(String sku) {
    for (int i = 0; i < sku.length(); i++) {
      if (sku.charAt(i) >= FIRST_COMBINING) {
        return Normalizer.normalize(sku, Normalizer.Form.NFC);
      }
    }
    return sku;
  }

  /** Where the first invisible character is, or -1. */
  static int firstInvisible(String sku) {
    for (int i = 0; i < sku.length(); i++) {
      char c = sku.charAt(i);
      // The characters of most skus need no look-up in the tables of Unicode.
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

  /** Spaces and hyphens that nobody distinguishes from those of a keyboard. */
  private static boolean looksLikeAnother(int character) {
    return character == 0x2010 || character == 0x2011 || Character.isSpaceChar(character);
  }

  /** Such as {@code U+200B}. */
  static String nameOf(int character) {
    return "U+%04X".formatted(character);
  }
}
