package dev.waybill.product;

import java.util.List;

/**
 * The effect of a row that has passed its checks on the product with its sku. In a dry run, the
 * effect that the row would have.
 */
public enum Outcome {
  CREATED,
  UPDATED,
  UNCHANGED,

  /**
   * The row changed nothing. The row's attributes and the other attributes of the product would be
   * too large together. Only the store can detect this, so the store rejects the row although the
   * row has passed its checks.
   */
  ATTRIBUTES_TOO_LARGE,

  /**
   * The row changed nothing. No product has this sku, and the row has no name, which a new product
   * would need.
   */
  NAME_MISSING,

  /**
   * The row changed nothing. The caller accepts only new skus, and a product with this sku already
   * exists.
   */
  SKU_EXISTS,

  /**
   * The row changed nothing. The caller accepts only known skus, and no product with this sku
   * exists.
   */
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

  /** The errors of a row with this outcome; empty if the row is accepted. */
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
