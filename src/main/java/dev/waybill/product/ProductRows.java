package dev.waybill.product;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;

/**
 * Rows that passed their checks, in the order of their file. One array contains a copy of all skus,
 * and another array contains all hashes. The thread that has just made a row adds the row and
 * copies its sku and its hash. Without these arrays, the skus and hashes would later be fetched
 * from the main memory or from the CPU cache of another core, which is slower.
 */
public final class ProductRows extends AbstractList<ProductRow> implements RandomAccess {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int USUAL_SKU_BYTES = 16;

  private final List<ProductRow> rows;
  private byte[] skus;
  private int[] skuEnds;
  private long[] contents;
  private boolean ascending = true;

  /**
   * Creates an empty list.
   *
   * @param expected the approximate number of rows
   */
  public ProductRows(int expected) {
    rows = new ArrayList<>(expected);
    skus = new byte[expected * USUAL_SKU_BYTES];
    skuEnds = new int[expected];
    contents = new long[expected];
  }

  public static ProductRows of(Collection<ProductRow> rows) {
    ProductRows all = new ProductRows(rows.size());
    all.addAll(rows);
    return all;
  }

  @Override
  public boolean add(ProductRow row) {
    int index = rows.size();
    int from = skuEnd(index - 1);
    int to = from + row.skuLength();
    if (index == skuEnds.length) {
      skuEnds = Arrays.copyOf(skuEnds, 2 * index + 1);
      contents = Arrays.copyOf(contents, skuEnds.length);
    }
    if (to > skus.length) {
      skus = Arrays.copyOf(skus, Math.max(to, 2 * skus.length));
    }
    row.copySku(skus, from);
    skuEnds[index] = to;
    contents[index] = row.contentHash();
    ascending = ascending && (index == 0 || isAfter(skuEnd(index - 2), from, to));
    return rows.add(row);
  }

  /**
   * Whether the sku from {@code from} to {@code to} is greater in byte order than the sku that
   * starts at {@code before}.
   */
  private boolean isAfter(int before, int from, int to) {
    return Arrays.compareUnsigned(skus, before, from, skus, from, to) < 0;
  }

  private int skuEnd(int index) {
    return index < 0 ? 0 : skuEnds[index];
  }

  /** Whether the skus are strictly ascending in byte order. If they are, no sku occurs twice. */
  boolean ascending() {
    return ascending;
  }

  /** The length of all skus together in UTF-8, in bytes. */
  public int skuBytes() {
    return skuEnd(size() - 1);
  }

  /** The length of one sku in UTF-8, in bytes. */
  public int skuLength(int index) {
    return skuEnds[index] - skuEnd(index - 1);
  }

  /**
   * The length, in bytes, of the prefix that a sku has in common with the previous sku; 0 for the
   * first sku.
   */
  public int sharedWithSkuBefore(int index) {
    int from = skuEnd(index - 1);
    int shared = Arrays.mismatch(skus, skuEnd(index - 2), from, skus, from, skuEnds[index]);
    return shared < 0 ? skuLength(index) : shared;
  }

  /** Writes a sku in UTF-8 to {@code target}, without its first {@code without} bytes. */
  public void putSku(int index, int without, ByteBuffer target) {
    int from = skuEnd(index - 1) + without;
    target.put(skus, from, skuEnds[index] - from);
  }

  /** The {@link RowHash} of a row. */
  long contentHash(int index) {
    return contents[index];
  }

  boolean skuIs(int index, byte[] utf8) {
    return Arrays.equals(skus, skuEnd(index - 1), skuEnds[index], utf8, 0, utf8.length);
  }

  /**
   * Whether the skus are strictly ascending in byte order, and all skus are greater than the given
   * sku.
   */
  boolean ascendFrom(byte[] utf8) {
    return ascending
        && (rows.isEmpty()
            || Arrays.compareUnsigned(utf8, 0, utf8.length, skus, 0, skuEnds[0]) < 0);
  }

  byte[] skuUtf8(int index) {
    return Arrays.copyOfRange(skus, skuEnd(index - 1), skuEnds[index]);
  }

  /**
   * A hash of a sku.
   *
   * @param seed a random number
   * @param factor a random odd number
   */
  long skuHash(int index, long seed, long factor) {
    int from = skuEnd(index - 1);
    int to = skuEnds[index];
    long hash = seed ^ (to - from);
    for (; from + Long.BYTES <= to; from += Long.BYTES) {
      hash = mixed(hash ^ (long) LONGS.get(skus, from), factor);
    }
    long rest = 0;
    for (; from < to; from++) {
      rest = rest << 8 | skus[from] & 0xff;
    }
    return mixed(mixed(hash ^ rest, factor), factor);
  }

  private static long mixed(long hash, long factor) {
    long product = hash * factor;
    return product ^ product >>> 32;
  }

  @Override
  public ProductRow get(int index) {
    return rows.get(index);
  }

  @Override
  public int size() {
    return rows.size();
  }
}
