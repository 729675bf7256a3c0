package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.waybill.product.ChangeSums;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A summary of the changes that the updates of an import make. The job contains this summary.
 *
 * @param fields for each field, the number of rows that change it; a field that does not change is
 *     absent
 * @param pricesFalling the number of prices that fall by more than 30 %
 * @param pricesRising the number of prices that rise by more than 30 %
 * @param truncated true if the changes were too many to keep, so that later rows are not counted;
 *     otherwise null, and the JSON has no such property
 */
public record ChangeSummary(
    Map<String, Long> fields,
    long pricesFalling,
    long pricesRising,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean truncated) {

  static final ChangeSummary NONE = new ChangeSummary(Map.of(), 0, 0, null);

  static ChangeSummary stored(@Nullable String summary, JsonMapper json) {
    return summary == null ? NONE : json.readValue(summary, ChangeSummary.class);
  }

  ChangeSummary plus(ChangeSums added, boolean last) {
    ChangeSums all = new ChangeSums(0, 0, fields, pricesFalling, pricesRising).plus(added);
    return new ChangeSummary(
        all.fields(), all.pricesFalling(), all.pricesRising(), last ? Boolean.TRUE : truncated);
  }
}
