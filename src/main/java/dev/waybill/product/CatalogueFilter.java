package dev.waybill.product;

import org.jspecify.annotations.Nullable;

/**
 * Which products of the catalogue are wanted.
 *
 * @param query part of the sku or the name, without regard to case; null for any
 * @param category the whole category; null for any
 */
public record CatalogueFilter(@Nullable String query, @Nullable String category) {

  /** The query as a pattern of LIKE, with a backslash before signs that mean something there. */
  @Nullable String pattern() {
    return query == null
        ? null
        : "%" + query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
  }
}
