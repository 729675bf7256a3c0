package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;

/**
 * A rejected row.
 *
 * @param row its number among the records after the header, from 1
 * @param line the physical line where it starts; the header's first line is 1
 * @param errors a JSON array of {@link dev.waybill.product.RowError}s
 * @param original the record's text
 * @param originalCut absent in JSON unless the text was cut
 */
record Rejection(
    long row,
    long line,
    @JsonRawValue String errors,
    String original,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean originalCut) {

  private static final int BYTES_BESIDE_TEXT = 64;

  /** The approximate number of bytes that this rejection takes in the database. */
  long bytes() {
    return BYTES_BESIDE_TEXT
        + (long) errors.getBytes(UTF_8).length
        + original.getBytes(UTF_8).length;
  }

  /** This rejection as one line of JSON for the {@code rejected} event. */
  String published() {
    return "{\"row\":%d,\"line\":%d,\"errors\":%s}".formatted(row, line, errors);
  }
}
