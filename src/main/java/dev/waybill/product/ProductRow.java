package dev.waybill.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A row that passed its checks and is ready for the table. A row belongs to the {@link
 * HeaderMapping} with which it was checked. A row may be passed from thread to thread.
 *
 * <p>The values are kept in UTF-8, because the databases need this encoding. So the thread that
 * reads the file encodes the values. This thread has time for the encoding, but the thread that
 * writes does not. In UTF-8, a row also takes only half the memory.
 */
public final class ProductRow {

  /**
   * Orders rows by the bytes of their skus, in the same order as the index of the table of
   * products.
   */
  static final Comparator<ProductRow> SKU_ORDER =
      (a, b) -> Arrays.compareUnsigned(a.bytes, a.skuFrom, a.skuTo, b.bytes, b.skuFrom, b.skuTo);

  private static final byte[][] NONE = {};

  private final byte[] @Nullable [] values;
  private final byte @Nullable [] attributes;
  private final byte @Nullable [] attributesPatch;
  private final int attributeCount;
  private final int attributeBytes;
  private final int kept;
  private final long contentHash;

  /**
   * Before the row is encoded, these bytes are only the sku. After the encoding, they are the block
   * that contains the encoded row.
   */
  private final byte[] bytes;

  private final int skuFrom;
  private final int skuTo;
  private final int from;
  private final int to;

  /**
   * @param values one value for each of {@link HeaderMapping#fields()}, in the same order; null for
   *     a blank value
   * @param attributes the attributes of a new product, as a JSON object; null if the file has no
   *     attributes
   * @param attributesPatch the RFC 7396 merge patch for the attributes of a stored product. The
   *     patch contains the members of {@code attributes}, and null for each attribute that must be
   *     removed.
   * @param attributeCount the number of members of {@code attributes}
   * @param kept has one bit for each of {@code values}; the bit is set if a stored product keeps
   *     its own value
   * @param contentHash the {@link RowHash} of the row
   */
  ProductRow(
      byte[] @Nullable [] values,
      byte @Nullable [] attributes,
      byte @Nullable [] attributesPatch,
      int attributeCount,
      int kept,
      long contentHash) {
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
    this.contentHash = contentHash;
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
    this.contentHash = row.contentHash;
    this.bytes = block;
    this.skuFrom = skuFrom;
    this.skuTo = skuTo;
    this.from = from;
    this.to = to;
  }

  /**
   * A copy of this row in the encoding that its store sends. The sku is the only value that can
   * still be read from this copy.
   *
   * @param block the block that contains this row and other rows
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

  /** Writes the sku in UTF-8 to {@code target}, starting at index {@code at}. */
  void copySku(byte[] target, int at) {
    System.arraycopy(bytes, skuFrom, target, at, skuTo - skuFrom);
  }

  /**
   * One bit for each value of the row. The bit is set if a stored product keeps its own value when
   * the row is written.
   */
  int kept() {
    return kept;
  }

  boolean keeps(int slot) {
    return (kept & 1 << slot) != 0;
  }

  /** The {@link RowHash} of the row. */
  long contentHash() {
    return contentHash;
  }

  /**
   * The number and the size of the attributes. The number is zero if the file has no attribute
   * column.
   */
  AttributeLimits.Size attributeSize() {
    return attributeBytes == 0
        ? AttributeLimits.Size.NONE
        : new AttributeLimits.Size(attributeCount, attributeBytes);
  }

  /** The block in which the row is encoded. */
  byte[] block() {
    return bytes;
  }

  int from() {
    return from;
  }

  /** The index after the last byte of the row in its block. */
  int to() {
    return to;
  }

  /**
   * Whether this row and the other row give a product the same values. Both rows must belong to the
   * same mapping, and either both or neither must be encoded.
   */
  boolean saysTheSameAs(ProductRow other) {
    // A comparison of the bytes is enough, because values are in canonical form and attributes are
    // in the order of the columns.
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
