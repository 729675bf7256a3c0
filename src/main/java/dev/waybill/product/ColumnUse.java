package dev.waybill.product;

/** What a column is used for. */
public sealed interface ColumnUse {

  ColumnUse ATTRIBUTE = new Attribute();
  ColumnUse IGNORED = new Ignored();

  record AsField(Field field) implements ColumnUse {}

  /** Kept under its own name, also where that is a field's. */
  record Attribute() implements ColumnUse {}

  /** Left out. */
  record Ignored() implements ColumnUse {}
}
