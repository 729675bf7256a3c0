package dev.waybill.product;

import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A hash of the name, the price and the quantity of a row, so that rows with the same sku can be
 * compared in little memory. The upper 32 bits are the hash of the name. The next 16 bits are the
 * hash of the price, and the last 16 bits are the hash of the quantity. A part is 0 if the row does
 * not change the value of the product.
 */
final class RowHash {

  private static final long NAME = 0xffff_ffff_0000_0000L;
  private static final long PRICE = 0xffff_0000L;
  private static final long QUANTITY = 0xffffL;

  /** The hash of a blank number. A blank number clears the stored number. */
  private static final int BLANK = 1;

  /**
   * The number 2^32 divided by the golden ratio. A multiplication by this number spreads the hash
   * codes of numbers that differ little.
   */
  private static final int SPREAD = 0x9e3779b9;

  private RowHash() {}

  /**
   * @param values the values of the row, one for each slot of the mapping; null for a blank value
   * @param kept one bit for each slot; the bit is set if a stored product keeps its own value
   */
  static long of(byte[] @Nullable [] values, int kept, HeaderMapping mapping) {
    int nameSlot = mapping.nameSlot();
    long name = nameSlot < 0 ? 0 : checksum(values[nameSlot]);
    return name << 32
        | number(values, kept, mapping.priceSlot()) << 16
        | number(values, kept, mapping.quantitySlot());
  }

  static boolean haveOtherNames(long one, long other) {
    return differ(one, other, NAME);
  }

  /**
   * Whether both rows have a price and the prices differ, or both rows have a quantity and the
   * quantities differ.
   */
  static boolean haveOtherNumbers(long one, long other) {
    return differ(one, other, PRICE) || differ(one, other, QUANTITY);
  }

  /** The hash of a product after the row {@code after} has changed it. */
  static long changed(long before, long after) {
    return part(before, after, NAME) | part(before, after, PRICE) | part(before, after, QUANTITY);
  }

  private static long part(long before, long after, long mask) {
    return (after & mask) == 0 ? before & mask : after & mask;
  }

  private static boolean differ(long one, long other, long mask) {
    return (one & mask) != 0 && (other & mask) != 0 && (one & mask) != (other & mask);
  }

  /**
   * A checksum of the name. Two names that differ only in up to four successive bytes always have
   * different checksums. {@link Arrays#hashCode} does not guarantee this.
   */
  private static long checksum(byte @Nullable [] name) {
    if (name == null) {
      return 0;
    }
    CRC32C checksum = new CRC32C();
    checksum.update(name);
    return checksum.getValue();
  }

  private static long number(byte[] @Nullable [] values, int kept, int slot) {
    if (slot < 0 || (kept & 1 << slot) != 0) {
      return 0;
    }
    byte[] number = values[slot];
    return number == null ? BLANK : Math.max(BLANK + 1, Arrays.hashCode(number) * SPREAD >>> 16);
  }
}
