package dev.waybill.csv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

/**
 * The double-byte charsets. In the right charset, a text has almost only characters in daily use,
 * which are together in one part of the table. In a wrong charset it does not. This distinguishes
 * the charsets with a few characters, for which statistics over the language still fail.
 */
enum EastAsianCharset {
  GB18030("GB18030", "GB18030", 0xB0, 0xD7, 0xA1),
  BIG5("Big5", "Big5", 0xA4, 0xC6, 0x40),
  SHIFT_JIS("windows-31j", "Shift_JIS", 0x88, 0x97, 0x40),
  EUC_JP("EUC-JP", "EUC-JP", 0xB0, 0xCF, 0xA1),
  EUC_KR("x-windows-949", "EUC-KR", 0xB0, 0xC8, 0xA1);

  /** Fewer characters may be letters of a Western text. */
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
   * Which share (0 to 1) of the text's ideographs, syllables and letters are in daily use, read in
   * this charset; 0 where it cannot be this charset.
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
   * Whether most characters stand beside another one. The umlauts of a Western text stand alone
   * between ASCII letters, one of which a wrong charset takes for half of a character.
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
   * Whether most characters stand beside an ASCII letter, as where a wrong charset takes the first
   * half of a Polish or Czech word for characters. In a right reading, such as iPhone手机壳, few do.
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
