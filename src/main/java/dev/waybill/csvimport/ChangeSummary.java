package dev.waybill.csvimport;

import dev.waybill.product.ChangeSums;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the updates of an import change, in the job.
 *
 * @param fields how many rows change each field; none for a field that does not change
 * @param pricesFalling how many prices fall by more than 30 %
 * @param pricesRising how many prices rise by more than 30 %
 */
public record ChangeSummary(Map<String, Long> fields, long pricesFalling, long pricesRising) {

  static final ChangeSummary NONE = of(ChangeSums.NONE);

  private static ChangeSummary of(ChangeSums sums) {
    return new ChangeSummary(sums.fields(), sums.pricesFalling(), sums.pricesRising());
  }

  static ChangeSummary stored(@Nullable String summary, JsonMapper json) {
    return summary == null ? NONE : json.readValue(summary, ChangeSummary.class);
  }

  ChangeSummary plus(ChangeSums added) {
    return of(new ChangeSums(0, 0, fields, pricesFalling, pricesRising).plus(added));
  }
}
