package dev.waybill.product;

import java.util.List;

/** The result of checking a row. Each row is either accepted or rejected, never dropped. */
public sealed interface RowResult {

  /**
   * @param notes remarks that the person in the shop must learn about; mostly empty
   */
  record Accepted(ProductRow row, List<CellNote> notes) implements RowResult {}

  /**
   * @param errors every error of the row, in the order of the columns; at least one
   */
  record Rejected(List<RowError> errors) implements RowResult {}
}
