package dev.waybill.product;

import java.util.List;

/**
 * The result of checking a row. Each row is either accepted or rejected; none is silently dropped.
 */
public sealed interface RowResult {

  /**
   * @param notes remarks for the person in the shop; mostly empty
   */
  record Accepted(ProductRow row, List<CellNote> notes) implements RowResult {}

  /**
   * @param errors every error of the row, in the order of the columns; at least one
   */
  record Rejected(List<RowError> errors) implements RowResult {}
}
