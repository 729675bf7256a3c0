package dev.waybill.product;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The table of products. Thread-safe. */
public interface ProductStore {

  /** The columns that rows of a mapping may change, one bit for each column. */
  static int touched(HeaderMapping mapping) {
    return ChangeColumns.bits(ChangeColumns.touched(mapping));
  }

  /**
   * Returns a function that converts a row into the form that {@link #upsert}, {@link #compare} and
   * {@link #rehearse} need. The thread that reads the file calls the function, so the thread that
   * writes has less work. The function is not thread-safe.
   *
   * @param writer the number of the job that will write the rows
   */
  default UnaryOperator<ProductRow> prepare(HeaderMapping mapping, int writer) {
    return UnaryOperator.identity();
  }

  /**
   * Creates or updates the product of each row, in the caller's Spring transaction. Values for
   * which the file has no column are kept. A blank cell clears the stored value, unless the reading
   * rules of the mapping keep the stored value.
   *
   * @param rows rows that were checked against this mapping, in any order; a sku may occur more
   *     than one time
   * @return the outcomes; outcome i belongs to row i. If a sku occurs again, the later row is
   *     compared with the product after the earlier row. A row with {@link
   *     Outcome#ATTRIBUTES_TOO_LARGE} has changed nothing.
   */
  Outcome[] upsert(HeaderMapping mapping, ProductRows rows, Writing writing);

  /**
   * Finds the outcome that {@link #upsert} would have for each row if the row were the only one.
   * Writes no product.
   *
   * @return the outcomes; outcome i belongs to row i
   */
  Outcome[] compare(HeaderMapping mapping, ProductRows rows, Writing writing);

  /**
   * Runs the same code as {@link #upsert}, so that the JVM compiles this code before a real import.
   * A store may do less if a rehearsal would put load on a database server that other programs use.
   * The caller rolls the transaction back.
   */
  void rehearse(HeaderMapping mapping, ProductRows rows);

  Optional<Product> find(String sku);

  /**
   * Finds the existing products with the given skus, in the order of the list, until the products
   * exceed a number of bytes. Returns at least the first existing product.
   *
   * @param skus no sku may occur twice
   * @param bytes the limit for the values as they are stored
   */
  FoundProducts findSome(List<String> skus, long bytes);

  /**
   * Returns products of the catalogue in ascending order of their skus, until the products exceed a
   * number of bytes. Returns at least the first product.
   *
   * @param after returns only products whose sku comes after this sku; empty to start with the
   *     first product
   * @param limit the maximum number of products
   * @param bytes the limit for the values as they are stored
   */
  List<Product> catalogue(CatalogueFilter filter, String after, int limit, long bytes);

  /**
   * Deletes a product.
   *
   * @return false if there is no product with this sku
   */
  boolean delete(String sku);

  /**
   * Reads the existing products with these skus in the form that an event contains, in any order.
   */
  List<GlancedProduct> glance(Collection<String> skus);
}
