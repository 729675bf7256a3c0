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
  ATTRIBUTES_TOO_LARGE,

  /** Nothing: there is no product of the sku, and the row has no name for a new one. */
  NAME_MISSING,

  /** Nothing: only new skus are wanted, and there is a product of this one. */
  SKU_EXISTS,

  /** Nothing: only known skus are wanted, and there is no product of this one. */
  SKU_UNKNOWN;

  private static final RowError EXISTS =
      new RowError(
          null,
          "sku-exists",
          "A product has this sku already, and the upload asks for new products only"
              + " (mode=create).",
          null);

  private static final RowError UNKNOWN =
      new RowError(
          null,
          "sku-unknown",
          "No product has this sku, and the upload asks for known products only (mode=update).",
          null);

  private static final RowError NO_NAME =
      new RowError(
          null,
          "name-missing",
          "No product has this sku, and a new product needs a name, which the row does not have.",
          null);

  /** Why a row of this outcome is rejected; empty where it is not. */
  public List<RowError> errors() {
    return switch (this) {
      case CREATED, UPDATED, UNCHANGED -> List.of();
      case ATTRIBUTES_TOO_LARGE -> List.of(AttributeLimits.error());
      case NAME_MISSING -> List.of(NO_NAME);
      case SKU_EXISTS -> List.of(EXISTS);
      case SKU_UNKNOWN -> List.of(UNKNOWN);
    };
  }
}
