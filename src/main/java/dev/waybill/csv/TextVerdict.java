package dev.waybill.csv;

import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kind of a file, as detected by {@link TextSniffer}. */
public sealed interface TextVerdict {

  /**
   * The file is text in this charset. Single records can still have bytes that are not valid in the
   * charset.
   *
   * @param doubt a text for the user that says why the charset may be wrong; null if there is no
   *     doubt
   */
  record Text(Charset charset, @Nullable String doubt) implements TextVerdict {

    Text(Charset charset) {
      this(charset, null);
    }
  }

  /** The file is a ZIP file: an archive or a workbook. */
  record Archive() implements TextVerdict {}

  /**
   * The file is not text.
   *
   * @param what the kind of file, for use inside a sentence: {@code a PDF}
   */
  record NotText(String what) implements TextVerdict {}

  /**
   * The file is text in an unknown charset.
   *
   * @param detail a text for the user that says what was found and what the user can do
   * @param likely charsets in which the text may be, the most likely first
   */
  record UnknownCharset(String detail, List<Charset> likely) implements TextVerdict {}
}
