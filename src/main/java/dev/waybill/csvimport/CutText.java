package dev.waybill.csvimport;

/** Cuts long texts of a file for a preview. */
final class CutText {

  private CutText() {}

  /**
   * The text with at most {@code most} code points. If the text was cut, the last code point is
   * {@code …}.
   */
  static String to(int most, String text) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }
}
