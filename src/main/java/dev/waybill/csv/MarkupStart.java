package dev.waybill.csv;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Recognises texts that are no tables of cells: what export buttons write into a {@code .xls}. */
final class MarkupStart {

  /** How many first bytes it looks at. */
  static final int LENGTH = 512;

  private MarkupStart() {}

  /** The kind, for use inside a sentence. */
  static Optional<String> of(byte[] head, int length) {
    String start =
        new String(head, 0, length, StandardCharsets.ISO_8859_1)
            .replace("\0", "") // UTF-16
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
