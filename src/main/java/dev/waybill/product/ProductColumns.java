package dev.waybill.product;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A stored product, read from columns that have the same names in every database. */
final class ProductColumns {

  private static final TypeReference<Map<String, String>> ATTRIBUTES = new TypeReference<>() {};

  private ProductColumns() {}

  static Product read(ResultSet row, int number) throws SQLException {
    return new Product(
        row.getString("sku"),
        row.getString("name"),
        row.getString("description"),
        row.getBigDecimal("price"),
        row.getString("currency"),
        (Integer) row.getObject("quantity"), // SQLite's driver refuses null with a class
        row.getString("category"),
        row.getString("brand"),
        row.getString("gtin"),
        row.getString("image_url"),
        JsonMapper.shared().readValue(row.getString("attributes"), ATTRIBUTES));
  }
}
