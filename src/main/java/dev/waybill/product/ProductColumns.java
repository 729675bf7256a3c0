package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads a stored product from a result set. The columns have the same names in every database. */
final class ProductColumns {

  private static final TypeReference<Map<String, String>> ATTRIBUTES = new TypeReference<>() {};

  /**
   * A JSON mapper that reads every JSON text that Waybill has stored. So this mapper accepts member
   * names that are longer than Jackson's default limit of 50,000 characters.
   */
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNameLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .build();

  /**
   * The SELECT clause for the columns of a product without its attributes. This clause returns only
   * the first characters of each long value.
   */
  static final String GLANCE =
      "SELECT sku, name, price, currency, quantity, gtin, "
          + Stream.of("description", "category", "brand", "image_url")
              .map(
                  column ->
                      "substr(%s, 1, %d) AS %s"
                          .formatted(column, GlancedProduct.LONGEST_VALUE + 1, column))
              .collect(joining(", "));

  private ProductColumns() {}

  /**
   * SQL for the approximate size of a product in bytes.
   *
   * @param attributes SQL for the attributes as text
   */
  static String bytes(String attributes) {
    // The constant 500 is an estimate for the short values and for the overhead of each product.
    return "500 + octet_length(%s)".formatted(attributes)
        + Stream.of("description", "category", "brand", "image_url")
            .map(" + coalesce(octet_length(%s), 0)"::formatted)
            .collect(joining());
  }

  /**
   * SQL for the products of the catalogue that come after a given sku, until the products exceed a
   * number of bytes.
   *
   * @param like the database's LIKE operator that ignores case
   * @param attributes SQL for the attributes as text
   */
  static String catalogue(String table, String like, String attributes) {
    return """
    WITH found AS MATERIALIZED (
      SELECT sku, %3$s AS bytes FROM %1$s
      WHERE sku > :after
        AND (CAST(:pattern AS text) IS NULL
          OR sku %2$s :pattern ESCAPE '\\' OR name %2$s :pattern ESCAPE '\\')
        AND (CAST(:category AS text) IS NULL OR category = :category)
      ORDER BY sku LIMIT :limit),
    sized AS (
      SELECT sku, coalesce(sum(bytes) OVER (
        ORDER BY sku ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
      FROM found)
    SELECT stored.* FROM sized JOIN %1$s AS stored ON stored.sku = sized.sku
    WHERE before < :bytes ORDER BY stored.sku
    """
        .formatted(table, like, bytes(attributes));
  }

  static Product read(ResultSet row, int number) throws SQLException {
    return new Product(
        row.getString("sku"),
        row.getString("name"),
        row.getString("description"),
        row.getBigDecimal("price"),
        row.getString("currency"),
        (Integer) row.getObject("quantity"), // SQLite's driver cannot return null as an Integer
        row.getString("category"),
        row.getString("brand"),
        row.getString("gtin"),
        row.getString("image_url"),
        attributes(row.getString("attributes")));
  }

  /** Reads the attributes. Returns an empty map for null. */
  static Map<String, String> attributes(@Nullable String json) {
    return json == null ? Map.of() : JSON.readValue(json, ATTRIBUTES);
  }
}
