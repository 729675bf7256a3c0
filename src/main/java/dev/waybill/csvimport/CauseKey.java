package dev.waybill.csvimport;

import dev.waybill.product.RowError;
import org.jspecify.annotations.Nullable;

/**
 * A pair of code and column.
 *
 * @param column null where the whole row is to blame
 */
record CauseKey(String code, @Nullable String column) {

  static CauseKey of(RowError error) {
    return new CauseKey(error.code(), error.column());
  }
}
