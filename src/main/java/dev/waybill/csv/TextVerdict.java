package dev.waybill.csv;

import java.nio.charset.Charset;

/** What a file is. */
public sealed interface TextVerdict {

  /** Text in that charset. Single records may still have bytes that the charset does not know. */
  record Text(Charset charset) implements TextVerdict {}

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
   */
  record UnknownCharset(String detail) implements TextVerdict {}
}
