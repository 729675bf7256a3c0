package dev.waybill.product;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row that passed its checks, ready for the table; it belongs to the {@link HeaderMapping} that
 * it was checked against, and may be handed from thread to thread.
 */
public final class ProductRow {

  private final @Nullable String[] values;
  private final @Nullable String attributes;
  private final @Nullable String attributesPatch;

  /**
   * @param values one for each of {@link HeaderMapping#fields()}, in that order; null for blank
   * @param attributes what a new product gets, as a JSON object; null if the file has no attributes
   * @param attributesPatch what a stored product's attributes are merged with, as an RFC 7396 merge
   *     patch: as {@code attributes}, and null for each blank cell
   */
  ProductRow(
      @Nullable String[] values, @Nullable String attributes, @Nullable String attributesPatch) {
    this.values = values;
    this.attributes = attributes;
    this.attributesPatch = attributesPatch;
  }

  public String sku() {
    String sku = values[HeaderMapping.SKU_SLOT];
    if (sku == null) {
      throw new IllegalStateException("A row without sku was accepted");
    }
    return sku;
  }

  /** Whether a product has the same values after either row; both belong to the same mapping. */
  boolean saysTheSameAs(ProductRow other) {
    // Values are canonical and attributes are in the order of the columns: equal text is enough.
    return Arrays.equals(values, other.values) && Objects.equals(attributes, other.attributes);
  }

  @Nullable String value(int slot) {
    return values[slot];
  }

  @Nullable String attributes() {
    return attributes;
  }

  @Nullable String attributesPatch() {
    return attributesPatch;
  }
}
