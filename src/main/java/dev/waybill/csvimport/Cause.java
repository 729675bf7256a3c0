package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cause of rejections in the form in which clients see it.
 *
 * @param column the name of the column in the header; null if the error is about the whole row
 * @param count the number of rows that were rejected for this cause; a row with two causes counts
 *     for both causes
 * @param stored the number of these rows that are in the list of rejections
 * @param samples the first three different cells with the error. If the error is about the whole
 *     row, the starts of the rows
 */
@JsonPropertyOrder({"code", "column", "count", "stored", "samples"})
record Cause(String code, @Nullable String column, long count, long stored, List<String> samples) {

  /** The approximate number of characters of this cause in JSON. */
  int characters() {
    int inSamples = samples.stream().mapToInt(String::length).sum();
    return inSamples + code.length() + (column == null ? 0 : column.length());
  }
}
