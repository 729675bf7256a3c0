package dev.waybill.csv;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Recognises text that is not CSV, such as the HTML or XML that export buttons write into a file
 * named {@code .xls}.
 */
final class MarkupStart {

  /** The number of first bytes that are examined. */
  static final int LENGTH = 512;

  private MarkupStart() {}

  /** The kind of markup, for use inside a sentence. Empty if the text is not markup. */
  static Optional<String> of(byte[] head, int length) {
    String start =
        new String(head, 0, length, StandardCharsets.ISO_8859_1)
            .replace("\0", "") // UTF-16 has NUL bytes
            .replaceFirst("^(?:\u00EF\u00BB\u00BF|\u00FF\u00FE|\u00FE\u00FF)", "")
            .stripLeading()
            .toLowerCase(Locale.ROOT);
    if (start.startsWith("<!doctype html")
        || start.matches("(?s)<(html|head|body|table|style|meta|div)\\b.*")) {
      return Optional.of("an HTML page, perhaps with the ending .xls");
    }
    if (start.startsWith("<?xml") || start.matches("(?s)<[a-z][\\w:.-]*(\\s[^>]*)?>\\s*<.*")) {
      return Optional.of(
          start.contains("mso-application") || start.contains("urn:schemas-microsoft-com:office")
              ? "an XML spreadsheet of Excel 2003"
              : "XML");
    }
    boolean json =
        start.matches("(?s)(\\[\\s*[\\[{].*|\\[\\s*\\].*|\\{\\s*(\"[^\"]*\"\\s*:|\\}).*)");
    return json ? Optional.of("JSON") : Optional.empty();
  }
}
