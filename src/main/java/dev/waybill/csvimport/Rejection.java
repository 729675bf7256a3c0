package dev.waybill.csvimport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * A rejected row.
 *
 * @param row the number of the row among the records after the header, from 1
 * @param line the physical line at which the row starts; the first line of the file is 1
 * @param errors a JSON array of {@link dev.waybill.product.RowError}s
 * @param original the text of the row's record
 * @param originalCut whether the text was cut; absent in JSON unless the text was cut
 */
record Rejection(
    long row,
    long line,
    @JsonRawValue String errors,
    String original,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean originalCut) {

  private static final int BYTES_BESIDE_TEXT = 64;

  private static final ObjectReader ERRORS = JsonMapper.shared().readerFor(JsonNode.class);

  /** The approximate number of bytes that this rejection takes in the database. */
  long bytes() {
    return BYTES_BESIDE_TEXT
        + (long) errors.getBytes(UTF_8).length
        + original.getBytes(UTF_8).length;
  }

  /**
   * This rejection as one line of JSON for the {@code rejected} event. If errors are left out,
   * {@code omitted} names them.
   *
   * @param mostErrors the maximum number of errors
   * @param mostCharacters the maximum number of characters of all errors together
   */
  String published(int mostErrors, int mostCharacters) {
    List<String> shown = new ArrayList<>();
    int left = mostCharacters;
    boolean all = true;
    // Stops reading at the limits, because the text may contain the errors of 1,000 cells.
    try (MappingIterator<JsonNode> each = ERRORS.readValues(errors)) {
      while (all && each.hasNextValue()) {
        String error = each.nextValue().toString();
        left -= error.length() + 1;
        all = shown.size() < mostErrors && left >= 0;
        if (all) {
          shown.add(error);
        }
      }
    }
    return "{\"row\":%d,\"line\":%d,\"errors\":%s%s}"
        .formatted(
            row,
            line,
            all ? errors : "[" + String.join(",", shown) + "]",
            all ? "" : ",\"omitted\":[\"errors\"]");
  }
}
