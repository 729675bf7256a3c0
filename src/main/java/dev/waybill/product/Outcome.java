package dev.waybill.product;

import java.util.List;

/** What an accepted row did to the product of its sku, or would have done in a dry run. */
public enum Outcome {
  CREATED,
  UPDATED,
  UNCHANGED,

  /**
   * The row changed nothing. Its attributes and the other attributes of the product would be too
   * large together. Only the store can see this, so a row that passed its checks is rejected here.
   */
  ATTRIBUTES_TOO_LARGE,

  /** The row changed nothing. No product has the sku, and the row has no name for a new product. */
  NAME_MISSING,

  /** The row changed nothing. Only new skus are wanted, and a product already has this one. */
  SKU_EXISTS,

  /** The row changed nothing. Only known skus are wanted, and no product has this one. */
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

  /** Why a row with this outcome is rejected; empty if it is accepted. */
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
