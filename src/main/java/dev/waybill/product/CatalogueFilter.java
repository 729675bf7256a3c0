package dev.waybill.product;

import org.jspecify.annotations.Nullable;

/**
 * The condition that selects the products of the catalogue that a caller wants.
 *
 * @param query a part of the sku or of the name, in upper or lower case; null for all products
 * @param category the exact category; null for all products
 */
public record CatalogueFilter(@Nullable String query, @Nullable String category) {

  /**
   * The query as a pattern for the SQL operator LIKE. Characters that have a special meaning in
   * such a pattern are escaped with a backslash.
   */
  @Nullable String pattern() {
    return query == null
        ? null
        : "%" + query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
  }
}
