package dev.waybill.product;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.ResultSetExtractor;

/**
 * Products that were looked up by sku, as many as fitted.
 *
 * @param bySku those that exist
 * @param answered how many of the skus, from the first on, were looked up
 */
public record FoundProducts(Map<String, Product> bySku, int answered) {

  /**
   * Reads products whose column {@code cut} has the place of the first sku that was left out.
   *
   * @param wanted how many skus were asked for
   * @param firstPlace the place of the first sku
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
