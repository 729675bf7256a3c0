package dev.waybill.product;

/** What an accepted row did, or in a dry run would have done, to the product of its sku. */
public enum Outcome {
  CREATED,
  UPDATED,
  UNCHANGED
}
