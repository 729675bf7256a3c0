package dev.waybill.product;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stored product in the form that an event contains. This form has no attributes and no long
 * values. Five products in this form take less than 64 KB of JSON, for all characters that they can
 * contain.
 *
 * @param omitted the names of the properties that were left out because their values are long;
 *     these properties are null. The JSON does not contain {@code omitted} if no property was left
 *     out.
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@JsonPropertyOrder({
  "sku",
  "name",
  "description",
  "price",
  "currency",
  "quantity",
  "category",
  "brand",
  "gtin",
  "imageUrl",
  "omitted"
})
public record GlancedProduct(
    String sku,
    String name,
    @Nullable String description,
    @Nullable BigDecimal price,
    @Nullable String currency,
    @Nullable Integer quantity,
    @Nullable String category,
    @Nullable String brand,
    @Nullable String gtin,
    @Nullable String imageUrl,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> omitted) {

  /** The maximum length of a value, in characters. A longer value is left out. */
  static final int LONGEST_VALUE = 400;

  static GlancedProduct read(ResultSet row) throws SQLException {
    List<String> omitted = new ArrayList<>();
    return new GlancedProduct(
        row.getString("sku"),
        row.getString("name"),
        unlessLong(row.getString("description"), "description", omitted),
        Product.plain(row.getBigDecimal("price")),
        row.getString("currency"),
        (Integer) row.getObject("quantity"),
        unlessLong(row.getString("category"), "category", omitted),
        unlessLong(row.getString("brand"), "brand", omitted),
        row.getString("gtin"),
        unlessLong(row.getString("image_url"), "imageUrl", omitted),
        omitted);
  }

  private static @Nullable String unlessLong(
      @Nullable String value, String name, List<String> omitted) {
    if (value == null || value.length() <= LONGEST_VALUE) {
      return value;
    }
    omitted.add(name);
    return null;
  }
}
