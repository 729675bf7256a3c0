package dev.waybill.csvimport;

/** Cuts texts of a file for a preview. */
final class CutText {

  private CutText() {}

  /** At most so many code points, the last of which is {@code …} if something was left out. */
  static String to(int most, String text) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }
}
