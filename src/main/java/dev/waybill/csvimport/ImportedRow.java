package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.waybill.product.Outcome;
import dev.waybill.product.Product;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An accepted row of a job.
 *
 * @param result the effect of the row on the product: {@code created}, {@code updated} or {@code
 *     unchanged}
 * @param product the product that is stored under the sku now, not the content of the row; null if
 *     no such product is stored now
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record ImportedRow(long row, String result, @Nullable Product product, @JsonIgnore String sku) {

  static ImportedRow of(Outcomes.Accepted accepted, @Nullable Product product) {
    return new ImportedRow(accepted.row(), name(accepted.result()), product, accepted.sku());
  }

  private static String name(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }
}
