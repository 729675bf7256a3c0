package dev.waybill.csv;

import java.nio.charset.Charset;

/** Charset and delimiter of a file. The quote is always {@code "}. */
public record CsvFormat(Charset charset, Delimiter delimiter) {}
