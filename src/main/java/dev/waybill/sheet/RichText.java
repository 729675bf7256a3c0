package dev.waybill.sheet;

import dev.waybill.sheet.XmlReader.Event;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a text of a workbook. Leaves out fonts and phonetic hints. */
final class RichText {

  private static final Pattern ESCAPE = Pattern.compile("_x([0-9A-Fa-f]{4})_");

  private RichText() {}

  /**
   * Reads the text up to the end of the XML element that has just started.
   *
   * @param longest the maximum number of characters of the text
   */
  static void read(XmlReader xml, StringBuilder text, int longest) throws IOException {
    int depth = xml.depth();
    boolean inText = false;
    int hint = 0; // the depth of the open phonetic hint; 0 if no hint is open
    while (xml.depth() >= depth) {
      Event event = xml.next();
      switch (event) {
        case START -> {
          if (xml.name().equals("rPh") && hint == 0) {
            hint = xml.depth();
          }
          inText = hint == 0 && xml.name().equals("t");
        }
        case END -> {
          inText = false;
          if (xml.depth() < hint) {
            hint = 0;
          }
        }
        case TEXT -> {
          if (inText) {
            append(xml.text(), text, longest);
          }
        }
        case DONE -> throw XmlReader.malformed("ends too early");
      }
    }
  }

  static void append(CharSequence part, StringBuilder text, int longest) throws SheetException {
    if (text.length() + part.length() > longest) {
      throw SheetException.tooLarge(
          "A cell has more than %,d characters, which is the limit waybill.record.max-size."
              .formatted(longest));
    }
    text.append(part);
  }

  /**
   * Replaces codes such as {@code _x000D_} with the characters that the codes represent. A workbook
   * contains these codes in place of characters that XML does not allow.
   */
  static String unescaped(String text) {
    if (!text.contains("_x")) {
      return text;
    }
    Matcher escape = ESCAPE.matcher(text);
    StringBuilder plain = new StringBuilder();
    while (escape.find()) {
      char c = (char) Integer.parseInt(escape.group(1), 16);
      escape.appendReplacement(plain, Matcher.quoteReplacement(String.valueOf(c)));
    }
    return escape.appendTail(plain).toString();
  }
}
