package dev.waybill.product;

import org.jspecify.annotations.Nullable;

/**
 * Which products of the catalogue a caller asks for.
 *
 * @param query a part of the sku or of the name, in any case; null for all products
 * @param category the exact category; null for all products
 */
public record CatalogueFilter(@Nullable String query, @Nullable String category) {

  /**
   * The query as a pattern for the SQL operator LIKE. A backslash stands before characters that
   * have a meaning in such a pattern.
   */
  @Nullable String pattern() {
    return query == null
        ? null
        : "%" + query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
  }
}
