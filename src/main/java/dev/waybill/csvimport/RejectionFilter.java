package dev.waybill.csvimport;

import dev.waybill.product.RowError;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns {@code ?code=&column=} into what the stored errors of a row must contain. The errors are
 * JSON that this service has written. Its quotes are unescaped, and those within a text are not, so
 * a part of it with its quotes is found only where it is meant.
 */
@Component
@RequiredArgsConstructor
class RejectionFilter {

  private final CauseStore causes;
  private final JsonMapper json;

  /**
   * Which rows are wanted.
   *
   * @param parts a row is wanted if its errors contain one of them; null for all rows
   */
  record Wanted(@Nullable List<String> parts) {

    static final Wanted ALL = new Wanted(null);
  }

  /**
   * @param code null for any; {@code other} for those beyond the causes that are listed one by one
   * @param column null for any; empty for errors that blame the whole row
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
    // Stored names are cut.
    String stored = new RowError(column, "", "", null).column();
    return "{\"column\":" + json.writeValueAsString(stored);
  }

  private String codePart(String code) {
    return ",\"code\":" + json.writeValueAsString(code) + ",\"detail\":";
  }
}
