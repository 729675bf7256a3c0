package dev.waybill.product;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.ResultSetExtractor;

/**
 * The products found for a list of skus. A limit in bytes may end the list early.
 *
 * @param bySku the products that exist
 * @param answered the number of skus, counted from the start of the list, that were looked up
 */
public record FoundProducts(Map<String, Product> bySku, int answered) {

  /**
   * Reads products from a result set. The column {@code cut} of each row contains the position of
   * the first sku that was left out.
   *
   * @param wanted the number of skus that the caller wanted to look up
   * @param firstPlace the position that the query gives to the first sku
   */
  static ResultSetExtractor<FoundProducts> reading(int wanted, int firstPlace) {
    return rows -> read(rows, wanted, firstPlace);
  }

  private static FoundProducts read(ResultSet rows, int wanted, int firstPlace)
      throws SQLException {
    Map<String, Product> bySku = new HashMap<>();
    int answered = wanted;
    while (rows.next()) {
      Product product = ProductColumns.read(rows, 0);
      bySku.put(product.sku(), product);
      int cut = rows.getInt("cut");
      answered = rows.wasNull() ? wanted : cut - firstPlace;
    }
    return new FoundProducts(bySku, answered);
  }
}
