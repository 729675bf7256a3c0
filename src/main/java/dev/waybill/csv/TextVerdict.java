package dev.waybill.csv;

import java.nio.charset.Charset;

/** What a file is. */
public sealed interface TextVerdict {

  /** Text in that charset; single records may still hold bytes that it does not know. */
  record Text(Charset charset) implements TextVerdict {}

  /**
   * Not text at all.
   *
   * @param what names it within a sentence: {@code a PDF}
   */
  record NotText(String what) implements TextVerdict {}

  /**
   * Text, but nobody can say in which charset.
   *
   * @param detail what was found and what to do, for a person
   */
  record UnknownCharset(String detail) implements TextVerdict {}
}
