package dev.waybill.csv;

import java.util.List;
import java.util.Optional;

/**
 * The character between two cells.
 *
 * @param character any code point except a quote, a line end and NUL
 */
public record Delimiter(int character) {

  public static final Delimiter COMMA = new Delimiter(',');
  public static final Delimiter SEMICOLON = new Delimiter(';');
  public static final Delimiter TAB = new Delimiter('\t');
  public static final Delimiter PIPE = new Delimiter('|');

  /**
   * The delimiters that are detected. If a header fits several delimiters equally well, the first
   * of these delimiters in the list is used.
   */
  public static final List<Delimiter> USUAL = List.of(COMMA, SEMICOLON, TAB, PIPE);

  private static final List<String> WORDS = List.of("comma", "semicolon", "tab", "pipe");

  /**
   * The ASCII character that replaces a non-ASCII delimiter in the scanned text. Ordinary text does
   * not contain it.
   */
  private static final char UNIT_SEPARATOR = '\u001F';

  public Delimiter {
    if (character <= 0 || character == '"' || character == '\r' || character == '\n') {
      throw new IllegalArgumentException("No delimiter: U+%04X".formatted(character));
    }
  }

  /**
   * The character that separates the cells in the scanned text. This character is always ASCII: a
   * non-ASCII delimiter is exchanged with the unit separator (U+001F) while the text is transcoded.
   */
  char symbol() {
    return isAscii() ? (char) character : UNIT_SEPARATOR;
  }

  boolean isAscii() {
    return character < 0x80;
  }

  /**
   * Exchanges the delimiter and the unit separator that replaces it. Two calls restore the text.
   */
  String exchanged(String text) {
    if (isAscii()) {
      return text;
    }
    String delimiter = Character.toString(character);
    if (text.indexOf(UNIT_SEPARATOR) < 0) {
      return text.replace(delimiter, "\u001F");
    }
    StringBuilder exchanged = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == character ? UNIT_SEPARATOR : c == UNIT_SEPARATOR ? character : c)
        .forEach(exchanged::appendCodePoint);
    return exchanged.toString();
  }

  /**
   * The name of the delimiter in the API: a word such as {@code comma}, or the character itself.
   */
  public String word() {
    int usual = USUAL.indexOf(this);
    return usual < 0 ? Character.toString(character) : WORDS.get(usual);
  }

  /** The delimiter with exactly this API name. Any single character is also a name. */
  public static Optional<Delimiter> named(String word) {
    int usual = WORDS.indexOf(word);
    if (usual >= 0) {
      return Optional.of(USUAL.get(usual));
    }
    boolean single = !word.isEmpty() && word.codePointCount(0, word.length()) == 1;
    return single && "\"\r\n\0".indexOf(word.codePointAt(0)) < 0
        ? Optional.of(new Delimiter(word.codePointAt(0)))
        : Optional.empty();
  }
}
