package dev.waybill.product;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;

/**
 * Rows that passed their checks, in the order of their file. It looks at each sku when the row
 * comes, on the thread that has just made it: the one that writes would have to fetch all of them
 * from another core.
 */
public final class ProductRows extends AbstractList<ProductRow> implements RandomAccess {

  private final List<ProductRow> rows;
  private boolean ascending = true;

  /**
   * An empty list.
   *
   * @param expected about how many rows will come
   */
  public ProductRows(int expected) {
    rows = new ArrayList<>(expected);
  }

  public static ProductRows of(Collection<ProductRow> rows) {
    ProductRows all = new ProductRows(rows.size());
    all.addAll(rows);
    return all;
  }

  @Override
  public boolean add(ProductRow row) {
    ascending =
        ascending && (rows.isEmpty() || ProductRow.SKU_ORDER.compare(rows.getLast(), row) < 0);
    return rows.add(row);
  }

  /** Whether each sku comes after the one before, by their bytes; then none comes twice. */
  boolean ascending() {
    return ascending;
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
