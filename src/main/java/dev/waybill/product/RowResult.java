package dev.waybill.product;

import java.util.List;

/**
 * The result of checking a row. Each row is either accepted or rejected. No row is dropped without
 * a result.
 */
public sealed interface RowResult {

  /**
   * @param notes notes for the person in the shop; usually empty
   */
  record Accepted(ProductRow row, List<CellNote> notes) implements RowResult {}

  /**
   * @param errors every error of the row, in the order of the columns; at least one
   */
  record Rejected(List<RowError> errors) implements RowResult {}
}
