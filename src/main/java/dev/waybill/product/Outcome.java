package dev.waybill.product;

import java.util.List;

/** What an accepted row did, or in a dry run would have done, to the product of its sku. */
public enum Outcome {
  CREATED,
  UPDATED,
  UNCHANGED,

  /**
   * Nothing: together with the product's other attributes those of the row would be too large. The
   * store is the first to see it, so the row was accepted before and is rejected now.
   */
  ATTRIBUTES_TOO_LARGE;

  /** Why a row of this outcome is rejected; empty where it is not. */
  public List<RowError> errors() {
    return this == ATTRIBUTES_TOO_LARGE ? List.of(AttributeLimits.error()) : List.of();
  }
}
