package dev.waybill.csv;

import dev.waybill.csv.TextVerdict.Archive;
import dev.waybill.csv.TextVerdict.NotText;
import dev.waybill.csv.TextVerdict.Text;
import dev.waybill.csv.TextVerdict.UnknownCharset;
import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The facts that the bytes of a file show about its charset, in a form that can be stored. If a
 * caller names a charset later, the file need not be read again.
 *
 * @param charset the detected charset; null if no charset was detected
 * @param detail a text that says why the charset may be wrong, or why no charset was detected; null
 *     if there is no doubt
 * @param likely the charsets in which the text may be, if no charset was detected
 * @param settled whether the first bytes alone determine the result, even if a caller names a
 *     charset
 * @param hasNul whether there are NUL bytes near the start of the file; text has them only in a
 *     charset with two or more bytes for each character
 * @param utf8 whether the text is valid UTF-8 with non-ASCII characters
 */
public record TextEvidence(
    @Nullable String charset,
    @Nullable String detail,
    List<String> likely,
    boolean settled,
    boolean hasNul,
    boolean utf8) {

  public TextEvidence {
    likely = List.copyOf(likely);
  }

  static TextEvidence of(TextVerdict detected, boolean settled, boolean hasNul, boolean utf8) {
    return switch (detected) {
      case Text(Charset charset, String doubt) ->
          new TextEvidence(charset.name(), doubt, List.of(), settled, hasNul, utf8);
      case Archive _ -> new TextEvidence(null, "a ZIP archive", List.of(), settled, hasNul, utf8);
      case NotText(String what) -> new TextEvidence(null, what, List.of(), settled, hasNul, utf8);
      case UnknownCharset(String detail, List<Charset> likely) ->
          new TextEvidence(
              null, detail, likely.stream().map(Charset::name).toList(), settled, hasNul, utf8);
    };
  }

  /**
   * The same verdict that {@link TextSniffer#finish} would return.
   *
   * @param requested the charset that the caller names; null to use the detected one
   */
  public TextVerdict read(@Nullable Charset requested) {
    if (requested == null || settled || hasNul && !TextSniffer.isWide(requested)) {
      return detected();
    }
    boolean doubtful = utf8 && !TextSniffer.isWide(requested);
    return new Text(requested, doubtful ? TextSniffer.doubtOfUtf8(requested) : null);
  }

  private TextVerdict detected() {
    if (charset != null) {
      return new Text(Charset.forName(charset), detail);
    }
    String said = detail == null ? "" : detail;
    // No charset was detected. If the signature or a NUL byte shows that the file is binary, the
    // file is not text. Otherwise the file is text in an unknown charset.
    return settled || hasNul
        ? new NotText(said)
        : new UnknownCharset(said, likely.stream().map(Charset::forName).toList());
  }
}
