package dev.waybill.csv;

import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a file is. */
public sealed interface TextVerdict {

  /**
   * Text in that charset. Single records may still have bytes that the charset does not know.
   *
   * @param doubt for a person: why it may be another charset; null if there is no doubt
   */
  record Text(Charset charset, @Nullable String doubt) implements TextVerdict {

    Text(Charset charset) {
      this(charset, null);
    }
  }

  /** A ZIP file: an archive, or a workbook. */
  record Archive() implements TextVerdict {}

  /**
   * Not text at all.
   *
   * @param what its kind, for use inside a sentence: {@code a PDF}
   */
  record NotText(String what) implements TextVerdict {}

  /**
   * Text in an unknown charset.
   *
   * @param detail for a person: what was found and what to do
   * @param likely charsets in which the text may be, the most likely first
   */
  record UnknownCharset(String detail, List<Charset> likely) implements TextVerdict {}
}
