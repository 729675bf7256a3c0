package dev.waybill.csvimport;

import dev.waybill.product.RowError;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a cause of rejections: an error code and a column.
 *
 * @param column null if the error is about the whole row
 */
record CauseKey(String code, @Nullable String column) {

  static CauseKey of(RowError error) {
    return new CauseKey(error.code(), error.column());
  }
}
