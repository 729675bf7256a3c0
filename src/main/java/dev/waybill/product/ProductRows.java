package dev.waybill.product;

import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;

/**
 * Rows that passed their checks, in the order of their file. It keeps the skus side by side, and
 * looks at each when the row comes, on the thread that has just made it: the one that writes would
 * have to fetch all of them from another core, one by one.
 */
public final class ProductRows extends AbstractList<ProductRow> implements RandomAccess {

  private static final int USUAL_SKU_BYTES = 16;

  private final List<ProductRow> rows;
  private byte[] skus;
  private int[] skuEnds;
  private boolean ascending = true;

  /**
   * An empty list.
   *
   * @param expected about how many rows will come
   */
  public ProductRows(int expected) {
    rows = new ArrayList<>(expected);
    skus = new byte[expected * USUAL_SKU_BYTES];
    skuEnds = new int[expected];
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
    }
    if (to > skus.length) {
      skus = Arrays.copyOf(skus, Math.max(to, 2 * skus.length));
    }
    row.copySku(skus, from);
    skuEnds[index] = to;
    ascending = ascending && (index == 0 || isAfter(skuEnd(index - 2), from, to));
    return rows.add(row);
  }

  /** Whether the sku that ends at {@code to} comes after the one before it. */
  private boolean isAfter(int before, int from, int to) {
    return Arrays.compareUnsigned(skus, before, from, skus, from, to) < 0;
  }

  private int skuEnd(int index) {
    return index < 0 ? 0 : skuEnds[index];
  }

  /** Whether each sku comes after the one before, by their bytes; then none comes twice. */
  boolean ascending() {
    return ascending;
  }

  /** Of all skus together in UTF-8, in bytes. */
  public int skuBytes() {
    return skuEnd(size() - 1);
  }

  /** Of one sku in UTF-8, in bytes. */
  public int skuLength(int index) {
    return skuEnds[index] - skuEnd(index - 1);
  }

  /** How many bytes a sku shares with the start of the sku before it; 0 for the first one. */
  public int sharedWithSkuBefore(int index) {
    int from = skuEnd(index - 1);
    int shared = Arrays.mismatch(skus, skuEnd(index - 2), from, skus, from, skuEnds[index]);
    return shared < 0 ? skuLength(index) : shared;
  }

  /** Puts a sku in UTF-8 there, without its first bytes. */
  public void putSku(int index, int without, ByteBuffer target) {
    int from = skuEnd(index - 1) + without;
    target.put(skus, from, skuEnds[index] - from);
  }

  boolean skuIs(int index, byte[] utf8) {
    return Arrays.equals(skus, skuEnd(index - 1), skuEnds[index], utf8, 0, utf8.length);
  }

  /** The places of the rows that have the sku of an earlier row, but another name. */
  public List<Integer> renamed() {
    if (ascending) {
      return List.of();
    }
    Map<String, Integer> names = new HashMap<>();
    List<Integer> renamed = new ArrayList<>();
    for (int place = 0; place < rows.size(); place++) {
      ProductRow row = rows.get(place);
      Integer before = names.put(row.sku(), row.nameHash());
      if (before != null && before != row.nameHash()) {
        renamed.add(place);
      }
    }
    return renamed;
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
