package dev.waybill.csv;

import java.nio.charset.Charset;

/**
 * The format by which the bytes of a file form records. The format consists of the charset, the
 * delimiter and the {@link Shape}.
 */
public record CsvFormat(Charset charset, Delimiter delimiter, Shape shape) {

  /** The format that RFC 4180 describes, with this charset and delimiter. */
  public CsvFormat(Charset charset, Delimiter delimiter) {
    this(charset, delimiter, Shape.PLAIN);
  }

  public CsvFormat with(Shape changed) {
    return new CsvFormat(charset, delimiter, changed);
  }
}
