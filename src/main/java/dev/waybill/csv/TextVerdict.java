package dev.waybill.csv;

import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kind of a file, as detected by {@link TextSniffer}. */
public sealed interface TextVerdict {

  /**
   * Text in this charset. Single records may still have bytes that are not valid in the charset.
   *
   * @param doubt for the user: why the charset may be wrong; null if there is no doubt
   */
  record Text(Charset charset, @Nullable String doubt) implements TextVerdict {

    Text(Charset charset) {
      this(charset, null);
    }
  }

  /** A ZIP file: an archive, or a workbook. */
  record Archive() implements TextVerdict {}

  /**
   * Not text.
   *
   * @param what the kind of file, for use inside a sentence: {@code a PDF}
   */
  record NotText(String what) implements TextVerdict {}

  /**
   * Text in an unknown charset.
   *
   * @param detail for the user: what was found and what to do
   * @param likely charsets in which the text may be, the most likely first
   */
  record UnknownCharset(String detail, List<Charset> likely) implements TextVerdict {}
}
