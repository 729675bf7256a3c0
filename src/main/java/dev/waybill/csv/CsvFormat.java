package dev.waybill.csv;

import java.nio.charset.Charset;

/** How the bytes of a file are to be read. The quote is always {@code "}. */
public record CsvFormat(Charset charset, Delimiter delimiter) {}
