package dev.waybill.product;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A property of a product that Waybill knows. If a column is not read as a field and is not
 * ignored, it is an attribute.
 */
public enum Field {
  SKU,
  NAME,
  DESCRIPTION,
  PRICE,
  CURRENCY,
  QUANTITY,
  CATEGORY,
  BRAND,
  GTIN,
  IMAGE_URL;

  private static final Map<String, Field> BY_LOOSE_NAME =
      Stream.of(values())
          .collect(toUnmodifiableMap(field -> loose(field.name()), Function.identity()));

  private final String column = name().toLowerCase(Locale.ROOT);

  /** The public name of the field, such as {@code image_url}, in a job's mapping and in exports. */
  public String column() {
    return column;
  }

  /** The code of an error in a cell of this field. */
  String code() {
    return column.replace('_', '-');
  }

  /**
   * Finds the field with this name. The name comes from a header or from {@code map=}. The
   * comparison ignores case, spaces, {@code _} and {@code -}.
   */
  public static Optional<Field> named(String headerOrField) {
    return Optional.ofNullable(BY_LOOSE_NAME.get(loose(headerOrField)));
  }

  /**
   * The name in the form that is used for comparisons: in lower case and without spaces, {@code _}
   * and {@code -}.
   */
  static String loose(String name) {
    StringBuilder kept = new StringBuilder(name.length());
    name.codePoints()
        .filter(
            c -> c != '_' && c != '-' && !Character.isWhitespace(c) && !Character.isSpaceChar(c))
        .forEach(kept::appendCodePoint);
    return kept.toString().toLowerCase(Locale.ROOT);
  }
}
