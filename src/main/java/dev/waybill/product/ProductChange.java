package dev.waybill.product;

import java.util.List;

/**
 * What a write has changed in one product.
 *
 * @param id by which it is stored
 */
public record ProductChange(long id, String sku, List<FieldChange> changes) {}
