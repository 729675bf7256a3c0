package dev.waybill.product;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stored product. The JSON of a product always has every property, in this order, even if the
 * value is null.
 *
 * @param price at least 0, without trailing zeros (1.50 is 1.5)
 * @param quantity -2147483647 to 2147483647; negative if the shop has sold more than it had in
 *     stock
 * @param attributes the values of the columns that are not read as fields, by column name; a value
 *     is never blank
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
  "attributes"
})
public record Product(
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
    Map<String, String> attributes) {

  public Product {
    price = plain(price);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /**
   * The price without trailing zeros. The result has no negative scale, because with a negative
   * scale, 100 would be written as 1E+2.
   */
  static @Nullable BigDecimal plain(@Nullable BigDecimal price) {
    if (price == null) {
      return null;
    }
    BigDecimal stripped = price.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
