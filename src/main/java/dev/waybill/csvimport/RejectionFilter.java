package dev.waybill.csvimport;

import dev.waybill.product.RowError;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts the parameters {@code ?code=&column=} to texts that the stored errors of a row must
 * contain. The errors are JSON that this service wrote. In JSON, a quote inside a value is escaped.
 * So a search text with unescaped quotes can match only a property and never the inside of a value.
 */
@Component
@RequiredArgsConstructor
class RejectionFilter {

  private final CauseStore causes;
  private final JsonMapper json;

  /**
   * The condition that selects the rows that the client wants.
   *
   * @param parts a row is wanted if its errors contain one of these texts; null for all rows
   */
  record Wanted(@Nullable List<String> parts) {

    static final Wanted ALL = new Wanted(null);
  }

  /**
   * @param code null for any code; {@code other} for all causes that are not listed one by one
   * @param column null for any column; empty for errors about the whole row
   */
  Wanted of(String jobId, @Nullable String code, @Nullable String column) {
    if (CauseSums.OTHER.equals(code)) {
      return new Wanted(
          causes.of(jobId).rest().stream()
              .filter(_ -> column == null || column.isEmpty())
              .map(sum -> columnPart(sum.key().column()) + codePart(sum.key().code()))
              .toList());
    }
    if (code == null && column == null) {
      return Wanted.ALL;
    }
    String ofColumn = column == null ? "" : columnPart(column.isEmpty() ? null : column);
    String ofCode = code == null ? ",\"code\":" : codePart(code);
    return new Wanted(List.of(ofColumn + ofCode));
  }

  private String columnPart(@Nullable String column) {
    // Cuts the searched name in the same way as the stored name, because the stored name may be
    // cut.
    String stored = new RowError(column, "", "", null).column();
    return "{\"column\":" + json.writeValueAsString(stored);
  }

  private String codePart(String code) {
    return ",\"code\":" + json.writeValueAsString(code) + ",\"detail\":";
  }
}
