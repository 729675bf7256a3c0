package dev.waybill.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;

/**
 * Recognises lines of a file that are probably not products, such as totals and comments, by the
 * text in their sku column. The words in ten languages are read from {@code line-words.properties}.
 */
final class NonProductLine {

  private static final String FILE = "line-words.properties";

  /** The characters that may be beside the words and numbers of a line that is not a product. */
  private static final String PUNCTUATION = " .,:;()/%'’&=*+-–€$£¥：（）％";

  /** The characters that join letters and digits to a code, such as {@code TOTAL-1}. */
  private static final String JOINERS = "-./+";

  /**
   * The lowest character of the scripts that are written without blanks. In these scripts, letters
   * are directly beside digits.
   */
  private static final char FIRST_IDEOGRAPH = '\u2e80';

  /** The letters of each phrase, in lower case. */
  private static final Set<String> PHRASES = read();

  /**
   * The hash codes of all phrases, in ascending order. For nearly all skus that consist of letters,
   * the hash code alone shows that the sku is not a phrase. So no new string must be made.
   */
  private static final int[] HASHES =
      PHRASES.stream().mapToInt(String::hashCode).sorted().distinct().toArray();

  private NonProductLine() {}

  /**
   * Whether the text is probably not a sku. Such a text is a comment, a text that ends with a
   * colon, or a phrase such as {@code Total} alone, with numbers, or before a colon.
   */
  static boolean isLikely(String sku) {
    int length = sku.length();
    if (length == 0) {
      return false;
    }
    if (isColon(sku.charAt(length - 1)) || sku.startsWith("# ")) {
      return true;
    }
    // The hash code of the letters so far, in lower case. The algorithm is the same as in
    // String.hashCode().
    int hash = 0;
    Kind before = Kind.OTHER;
    boolean touches = false;
    for (int i = 0; i < length; i++) {
      char c = sku.charAt(i);
      Kind kind = Kind.of(c);
      if (kind != Kind.OTHER) {
        if (touches && kind.makesCodeWith(before)) {
          return false;
        }
        hash = kind == Kind.DIGIT ? hash : 31 * hash + Character.toLowerCase(c);
        before = kind;
        touches = true;
      } else if (PUNCTUATION.indexOf(c) < 0) {
        return false;
      } else if (isColon(c) && isPhrase(sku, i, hash)) {
        return true;
      } else {
        touches = touches && JOINERS.indexOf(c) >= 0;
      }
    }
    return isPhrase(sku, length, hash);
  }

  /** The kinds of characters that a code consists of. */
  private enum Kind {
    DIGIT,
    LETTER,
    /**
     * A letter of a script that is written without blanks, so digits may be directly beside the
     * letter.
     */
    IDEOGRAPH,
    OTHER;

    static Kind of(char c) {
      if (c >= '0' && c <= '9') {
        return DIGIT;
      }
      if (!Character.isLetter(c)) {
        return OTHER;
      }
      return c < FIRST_IDEOGRAPH ? LETTER : IDEOGRAPH;
    }

    /**
     * Whether two characters of these kinds side by side are part of a code, such as {@code A1},
     * and not of the words of a line.
     */
    boolean makesCodeWith(Kind other) {
      return this == LETTER && other == DIGIT || this == DIGIT && other == LETTER;
    }
  }

  private static boolean isColon(char c) {
    return c == ':' || c == '：';
  }

  private static boolean isPhrase(String sku, int to, int hash) {
    return Arrays.binarySearch(HASHES, hash) >= 0 && PHRASES.contains(letters(sku, to));
  }

  private static String letters(String text, int to) {
    StringBuilder letters = new StringBuilder(to);
    for (int i = 0; i < to; i++) {
      if (Character.isLetter(text.charAt(i))) {
        letters.append(Character.toLowerCase(text.charAt(i)));
      }
    }
    return letters.toString();
  }

  private static Set<String> read() {
    Properties file = new Properties();
    try (InputStream in = NonProductLine.class.getResourceAsStream(FILE)) {
      file.load(new InputStreamReader(Objects.requireNonNull(in, FILE), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Set<String> phrases = new HashSet<>();
    for (String key : file.stringPropertyNames()) {
      for (String phrase : file.getProperty(key).split(",")) {
        String letters = letters(phrase, phrase.length());
        phrases.add(letters);
        phrases.add(withoutAccents(letters));
      }
    }
    return Set.copyOf(phrases);
  }

  private static String withoutAccents(String phrase) {
    return Normalizer.normalize(phrase, Normalizer.Form.NFD)
        .replaceAll("\\p{M}", "")
        .replace('ł', 'l');
  }
}
