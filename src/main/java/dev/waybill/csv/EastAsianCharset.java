package dev.waybill.csv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

/**
 * The East Asian charsets, which use two bytes for most characters. A text that is read in the
 * right charset consists almost only of characters in daily use. These characters are close
 * together in the table of the charset. A text that is read in a wrong charset has many other
 * characters. This test works even with a few characters, unlike statistics about the language.
 */
enum EastAsianCharset {
  GB18030("GB18030", "GB18030", 0xB0, 0xD7, 0xA1),
  BIG5("Big5", "Big5", 0xA4, 0xC6, 0x40),
  SHIFT_JIS("windows-31j", "Shift_JIS", 0x88, 0x97, 0x40),
  EUC_JP("EUC-JP", "EUC-JP", 0xB0, 0xCF, 0xA1),
  EUC_KR("x-windows-949", "EUC-KR", 0xB0, 0xC8, 0xA1);

  /**
   * The minimum number of East Asian characters. A text with fewer such characters may be a Western
   * text with a few accented letters.
   */
  private static final int FEWEST_CHARACTERS = 2;

  private static final double FEWEST_KANA = 0.15;

  private final Charset charset;
  private final String icuName;
  private final int firstLead;
  private final int lastLead;
  private final int firstTrail;

  EastAsianCharset(String charset, String icuName, int firstLead, int lastLead, int firstTrail) {
    this.charset = Charset.forName(charset);
    this.icuName = icuName;
    this.firstLead = firstLead;
    this.lastLead = lastLead;
    this.firstTrail = firstTrail;
  }

  Charset charset() {
    return charset;
  }

  String icuName() {
    return icuName;
  }

  /**
   * The share (0 to 1) of the ideographs, syllables and letters that are in daily use, if the
   * sample is read in this charset. The share is 0 if the sample cannot be in this charset.
   */
  double shareOfCommon(byte[] sample) {
    String text;
    try {
      text = charset.newDecoder().decode(ByteBuffer.wrap(sample)).toString();
    } catch (CharacterCodingException e) {
      return 0;
    }
    if (!standTogether(text)) {
      return 0;
    }
    int all = 0;
    int common = 0;
    int kana = 0;
    for (int c : text.codePoints().filter(c -> c >= 0x80 && !isPunctuation(c)).toArray()) {
      all++;
      if (c >= 0x3040 && c <= 0x30FF) {
        kana++;
      } else if (isCommon(c)) {
        common++;
      }
    }
    boolean japanese = this == SHIFT_JIS || this == EUC_JP;
    if (all < FEWEST_CHARACTERS || japanese && kana < all * FEWEST_KANA) {
      return 0;
    }
    return (double) (common + (japanese ? kana : 0)) / all;
  }

  /**
   * Whether at least two thirds of the non-ASCII characters are next to another non-ASCII
   * character. In a Western text, each umlaut is between ASCII letters. If a Western text is read
   * in an East Asian charset, an umlaut and the ASCII letter after it become one character. This
   * character then has ASCII letters on both sides.
   */
  private static boolean standTogether(String text) {
    int[] characters = text.codePoints().toArray();
    int all = 0;
    int together = 0;
    for (int i = 0; i < characters.length; i++) {
      if (characters[i] >= 0x80) {
        all++;
        boolean before = i > 0 && characters[i - 1] >= 0x80;
        boolean after = i + 1 < characters.length && characters[i + 1] >= 0x80;
        together += before || after ? 1 : 0;
      }
    }
    return together * 3 >= all * 2;
  }

  /**
   * Whether more than two fifths of the non-ASCII characters have an ASCII letter beside them. This
   * is the case if the charset is wrong, and the first half of a Polish or Czech word is read as
   * East Asian characters. In the right charset, few characters have an ASCII letter beside them,
   * as in iPhone手机壳.
   */
  static boolean splitsWords(byte[] sample, Charset charset) {
    int[] characters = new String(sample, charset).codePoints().toArray();
    int all = 0;
    int beside = 0;
    for (int i = 0; i < characters.length; i++) {
      if (characters[i] >= 0x80) {
        all++;
        boolean before = i > 0 && isAsciiLetter(characters[i - 1]);
        boolean after = i + 1 < characters.length && isAsciiLetter(characters[i + 1]);
        beside += before || after ? 1 : 0;
      }
    }
    return beside * 5 > all * 2;
  }

  private static boolean isAsciiLetter(int character) {
    return character < 0x80 && Character.isLetter(character);
  }

  private boolean isCommon(int character) {
    byte[] bytes = Character.toString(character).getBytes(charset);
    int lead = bytes[0] & 0xFF;
    return bytes.length == 2
        && lead >= firstLead
        && lead <= lastLead
        && (bytes[1] & 0xFF) >= firstTrail;
  }

  private static boolean isPunctuation(int c) {
    return c >= 0x2000 && c <= 0x303F || c >= 0xFF00 && c <= 0xFF5E || c < 0x100;
  }
}
