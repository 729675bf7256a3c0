package dev.waybill.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A row that passed its checks, ready for the table; it belongs to the {@link HeaderMapping} that
 * it was checked against, and may be handed from thread to thread.
 *
 * <p>It is kept in UTF-8, as the databases want it: so the thread that reads encodes, which has
 * time for it, and not the one that writes. As bytes a row also takes half the room.
 */
public final class ProductRow {

  /** By the bytes of the sku, as an index has it. */
  static final Comparator<ProductRow> SKU_ORDER =
      (a, b) -> Arrays.compareUnsigned(a.skuUtf8(), b.skuUtf8());

  private final byte @Nullable [][] values;
  private final byte @Nullable [] attributes;
  private final byte @Nullable [] attributesPatch;

  private final byte @Nullable [] encoded;

  /**
   * @param values one for each of {@link HeaderMapping#fields()}, in that order; null for blank
   * @param attributes what a new product gets, as a JSON object; null if the file has no attributes
   * @param attributesPatch what a stored product's attributes are merged with, as an RFC 7396 merge
   *     patch: as {@code attributes}, and null for each blank cell
   */
  ProductRow(
      byte @Nullable [][] values, byte @Nullable [] attributes, byte @Nullable [] attributesPatch) {
    this(values, attributes, attributesPatch, null);
  }

  private ProductRow(
      byte @Nullable [][] values,
      byte @Nullable [] attributes,
      byte @Nullable [] attributesPatch,
      byte @Nullable [] encoded) {
    if (values[HeaderMapping.SKU_SLOT] == null) {
      throw new IllegalArgumentException("A row without sku was accepted");
    }
    this.values = values;
    this.attributes = attributes;
    this.attributesPatch = attributesPatch;
    this.encoded = encoded;
  }

  public String sku() {
    return new String(skuUtf8(), UTF_8);
  }

  /** The sku in UTF-8, not to be changed. */
  public byte[] skuUtf8() {
    return values[HeaderMapping.SKU_SLOT];
  }

  /** The same row in the form in which its store sends it; of the rest only the sku is left. */
  ProductRow as(byte[] form) {
    return new ProductRow(new byte[][] {skuUtf8()}, null, null, form);
  }

  /** Null where the row is not yet in that form. */
  byte @Nullable [] encoded() {
    return encoded;
  }

  /** Whether a product has the same values after either row; both belong to the same mapping. */
  boolean saysTheSameAs(ProductRow other) {
    // Values are canonical and attributes are in the order of the columns: equal text is enough.
    return Arrays.deepEquals(values, other.values)
        && Arrays.equals(attributes, other.attributes)
        && Arrays.equals(encoded, other.encoded);
  }

  @Nullable String value(int slot) {
    return text(values[slot]);
  }

  byte @Nullable [] utf8(int slot) {
    return values[slot];
  }

  @Nullable String attributes() {
    return text(attributes);
  }

  byte @Nullable [] attributesUtf8() {
    return attributes;
  }

  @Nullable String attributesPatch() {
    return text(attributesPatch);
  }

  byte @Nullable [] attributesPatchUtf8() {
    return attributesPatch;
  }

  private static @Nullable String text(byte @Nullable [] utf8) {
    return utf8 == null ? null : new String(utf8, UTF_8);
  }
}
