package dev.waybill.product;

/** Recognises invisible characters. A person cannot see whether a text contains them. */
final class Invisible {

  private Invisible() {}

  static boolean is(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> isBlankLetterOrMark(character);
    };
  }

  /**
   * Whether Unicode classifies the character as a letter or a mark although it has no visible
   * shape.
   */
  private static boolean isBlankLetterOrMark(int character) {
    return switch (character) {
      case 0x034F, // combining grapheme joiner
          0x115F, // Hangul fillers
          0x1160,
          0x3164,
          0xFFA0,
          0x17B4, // Khmer inherent vowels
          0x17B5,
          0x2800 -> // braille pattern blank
          true;
      default ->
          character >= 0x180B && character <= 0x180F // Mongolian variation selectors
              || character >= 0xFE00 && character <= 0xFE0F // variation selectors
              || character >= 0xE0000 && character <= 0xE0FFF; // tags and more selectors
    };
  }
}
