package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What rows were rejected for, as clients see it.
 *
 * @param column as the header writes it; null where the whole row is to blame
 * @param count how many rows were rejected for it; a row with two causes counts for both
 * @param stored how many of these rows are in the list of rejections
 * @param samples the first three different cells, or the start of the row where the whole row is to
 *     blame
 */
@JsonPropertyOrder({"code", "column", "count", "stored", "samples"})
record Cause(String code, @Nullable String column, long count, long stored, List<String> samples) {

  /** About how many characters it takes. */
  int characters() {
    int inSamples = samples.stream().mapToInt(String::length).sum();
    return inSamples + code.length() + (column == null ? 0 : column.length());
  }
}
