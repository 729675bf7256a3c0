package dev.waybill.csv;

/**
 * Removes Ctrl-Z characters. DOS programs write a Ctrl-Z at the end of a text, and fill the last
 * block with more Ctrl-Z characters.
 */
final class EndOfFileMark {

  private static final char CTRL_Z = '\u001A';

  private EndOfFileMark() {}

  /** The text without the Ctrl-Z characters at its end. */
  static String removed(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == CTRL_Z) {
      end--;
    }
    return text.substring(0, end);
  }
}
