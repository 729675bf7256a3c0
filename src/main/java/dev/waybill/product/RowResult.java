package dev.waybill.product;

import java.util.List;

/** A row is accepted or rejected, never dropped. */
public sealed interface RowResult {

  /**
   * @param notes what must not pass in silence; mostly nothing
   */
  record Accepted(ProductRow row, List<CellNote> notes) implements RowResult {}

  /**
   * @param errors every error of the row, in the order of the columns; at least one
   */
  record Rejected(List<RowError> errors) implements RowResult {}
}
