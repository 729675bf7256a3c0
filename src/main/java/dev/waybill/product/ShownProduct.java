package dev.waybill.product;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a view of the product that a row would create. The view has the properties of {@link
 * Product}.
 */
public final class ShownProduct {

  private ShownProduct() {}

  /**
   * Returns the properties of the product of an accepted row. A property is null if the row does
   * not have the value.
   *
   * @param longest the maximum length of a value, in characters; a longer value is cut and then
   *     ends in {@code …}
   */
  public static Map<String, @Nullable Object> of(
      HeaderMapping mapping, ProductRow row, int longest) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    for (Field field : Field.values()) {
      int slot = mapping.slotOf(field);
      String value = slot < 0 ? null : row.value(slot);
      shown.put(property(field), value == null ? null : shown(field, value, longest));
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    String object = row.attributes();
    Map<String, String> members = object == null ? null : AttributesJson.read(object);
    if (members != null) {
      members.forEach((name, value) -> attributes.put(name, RowError.cut(value, longest)));
    }
    shown.put("attributes", attributes);
    return shown;
  }

  private static String property(Field field) {
    return field == Field.IMAGE_URL ? "imageUrl" : field.column();
  }

  private static @Nullable Object shown(Field field, String value, int longest) {
    return switch (field) {
      case PRICE -> Product.plain(new BigDecimal(value));
      case QUANTITY -> Integer.valueOf(value);
      case SKU, NAME, DESCRIPTION, CURRENCY, CATEGORY, BRAND, GTIN, IMAGE_URL ->
          RowError.cut(value, longest);
    };
  }
}
