package dev.waybill.product;

import java.util.List;

/**
 * The changes that one write has made in one product.
 *
 * @param id the ID under which the change is stored
 */
public record ProductChange(long id, String sku, List<FieldChange> changes) {}
