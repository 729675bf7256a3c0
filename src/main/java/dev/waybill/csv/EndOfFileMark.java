package dev.waybill.csv;

/**
 * Removes Ctrl-Z characters. DOS programs end a text with a Ctrl-Z and fill the rest of the last
 * block with more of them.
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
