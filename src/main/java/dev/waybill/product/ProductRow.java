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
      (a, b) -> Arrays.compareUnsigned(a.bytes, a.skuFrom, a.skuTo, b.bytes, b.skuFrom, b.skuTo);

  private static final byte[][] NONE = {};

  private final byte[] @Nullable [] values;
  private final byte @Nullable [] attributes;
  private final byte @Nullable [] attributesPatch;
  private final int attributeCount;
  private final int attributeBytes;
  private final int kept;
  private final int nameHash;

  /** The sku alone, or the block in which the row stands encoded. */
  private final byte[] bytes;

  private final int skuFrom;
  private final int skuTo;
  private final int from;
  private final int to;

  /**
   * @param values one for each of {@link HeaderMapping#fields()}, in that order; null for blank
   * @param attributes what a new product gets, as a JSON object; null if the file has no attributes
   * @param attributesPatch what a stored product's attributes are merged with, as an RFC 7396 merge
   *     patch: as {@code attributes}, and null for each that goes
   * @param attributeCount the number of members of {@code attributes}
   * @param kept by slot, one bit each: the values that a stored product keeps
   */
  ProductRow(
      byte[] @Nullable [] values,
      byte @Nullable [] attributes,
      byte @Nullable [] attributesPatch,
      int attributeCount,
      int kept) {
    byte[] sku = values[HeaderMapping.SKU_SLOT];
    if (sku == null) {
      throw new IllegalArgumentException("A row without sku was accepted");
    }
    this.values = values;
    this.attributes = attributes;
    this.attributesPatch = attributesPatch;
    this.attributeCount = attributeCount;
    this.attributeBytes = attributes == null ? 0 : attributes.length;
    this.kept = kept;
    this.nameHash = values.length > 1 ? Arrays.hashCode(values[1]) : 0;
    this.bytes = sku;
    this.skuFrom = 0;
    this.skuTo = sku.length;
    this.from = 0;
    this.to = 0;
  }

  private ProductRow(ProductRow row, byte[] block, int from, int to, int skuFrom, int skuTo) {
    this.values = NONE;
    this.attributes = null;
    this.attributesPatch = null;
    this.attributeCount = row.attributeCount;
    this.attributeBytes = row.attributeBytes;
    this.kept = row.kept;
    this.nameHash = row.nameHash;
    this.bytes = block;
    this.skuFrom = skuFrom;
    this.skuTo = skuTo;
    this.from = from;
    this.to = to;
  }

  /**
   * This row in the form in which its store sends it; of the values only the sku can be read.
   *
   * @param block holds the row, and others beside it
   */
  ProductRow encoded(byte[] block, int from, int to, int skuFrom, int skuTo) {
    return new ProductRow(this, block, from, to, skuFrom, skuTo);
  }

  public String sku() {
    return new String(bytes, skuFrom, skuTo - skuFrom, UTF_8);
  }

  /** The length of the sku in UTF-8, in bytes. */
  int skuLength() {
    return skuTo - skuFrom;
  }

  /** Puts the sku in UTF-8 there. */
  void copySku(byte[] target, int at) {
    System.arraycopy(bytes, skuFrom, target, at, skuTo - skuFrom);
  }

  /** By slot, one bit each: the values that a stored product keeps. */
  int kept() {
    return kept;
  }

  boolean keeps(int slot) {
    return (kept & 1 << slot) != 0;
  }

  /** Differs where the names of two rows differ; of the value after the sku where it has none. */
  int nameHash() {
    return nameHash;
  }

  /** Number and size of its attributes, none where the file has no column for any. */
  AttributeLimits.Size attributeSize() {
    return attributeBytes == 0
        ? AttributeLimits.Size.NONE
        : new AttributeLimits.Size(attributeCount, attributeBytes);
  }

  /** Where it is encoded. */
  byte[] block() {
    return bytes;
  }

  int from() {
    return from;
  }

  /** After its last byte in the block. */
  int to() {
    return to;
  }

  /**
   * Whether a product has the same values after either row; both belong to the same mapping, and
   * either both are encoded or neither is.
   */
  boolean saysTheSameAs(ProductRow other) {
    // Values are canonical and attributes are in the order of the columns: equal text is enough.
    return Arrays.deepEquals(values, other.values)
        && Arrays.equals(attributes, other.attributes)
        && Arrays.equals(bytes, from, to, other.bytes, other.from, other.to);
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
