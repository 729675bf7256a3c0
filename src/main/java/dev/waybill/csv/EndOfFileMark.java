package dev.waybill.csv;

/** Ctrl-Z, with which programs from DOS end a text and fill its last block. */
final class EndOfFileMark {

  private static final char CTRL_Z = '\u001A';

  private EndOfFileMark() {}

  /** The end of a file without its marks. */
  static String removed(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == CTRL_Z) {
      end--;
    }
    return text.substring(0, end);
  }
}
