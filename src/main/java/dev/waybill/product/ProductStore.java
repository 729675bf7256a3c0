package dev.waybill.product;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The table of products. Safe for any number of threads. */
public interface ProductStore {

  /** The columns that rows of a mapping may change, one bit each. */
  static int touched(HeaderMapping mapping) {
    return ChangeColumns.bits(ChangeColumns.touched(mapping));
  }

  /**
   * Brings each row into the form in which {@link #upsert}, {@link #compare} and {@link #rehearse}
   * take it, so that the thread that reads does what these would have to do. For one thread.
   *
   * @param writer the number of the job that is to write them
   */
  default UnaryOperator<ProductRow> prepare(HeaderMapping mapping, int writer) {
    return UnaryOperator.identity();
  }

  /**
   * Creates or updates the product of each row, in the caller's Spring transaction. What the file
   * has no column for stays as it is; a blank cell clears.
   *
   * @param rows checked against this mapping; any order, a sku may come again
   * @return outcome i belongs to row i; a sku that comes again counts against the state after its
   *     earlier row. {@link Outcome#ATTRIBUTES_TOO_LARGE} has changed nothing.
   */
  Outcome[] upsert(HeaderMapping mapping, ProductRows rows, Writing writing);

  /**
   * What {@link #upsert} would do to each row alone, against the table as it stands; writes no
   * product.
   *
   * @return outcome i belongs to row i
   */
  Outcome[] compare(HeaderMapping mapping, ProductRows rows, Writing writing);

  /**
   * Does with the rows what {@link #upsert} does, for a Java that has not yet compiled it; or less,
   * where that would load a server that others use. In a transaction that is to be rolled back.
   */
  void rehearse(HeaderMapping mapping, ProductRows rows);

  Optional<Product> find(String sku);

  /**
   * The products of some skus that exist, in the order of the skus, as many as fit into some bytes;
   * the first one in any case.
   *
   * @param skus each once
   * @param bytes of values as they are stored
   */
  FoundProducts findSome(List<String> skus, long bytes);

  /**
   * Products of the catalogue by their skus in ascending order, as many as fit into some bytes; the
   * first one in any case.
   *
   * @param after only skus behind this one; empty for the first
   * @param limit at most so many
   * @param bytes of values as they are stored
   */
  List<Product> catalogue(CatalogueFilter filter, String after, int limit, long bytes);

  /**
   * Deletes a product.
   *
   * @return false where there is none
   */
  boolean delete(String sku);

  /** The fields worth showing of each given sku that exists, in no order. */
  List<GlancedProduct> glance(Collection<String> skus);
}
