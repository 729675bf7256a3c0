package dev.waybill.product;

/** What a column is used for. */
public sealed interface ColumnUse {

  ColumnUse ATTRIBUTE = new Attribute();
  ColumnUse IGNORED = new Ignored();

  record AsField(Field field) implements ColumnUse {}

  /** The column is an attribute. It keeps its own name, even if a field has the same name. */
  record Attribute() implements ColumnUse {}

  /** The column is left out. */
  record Ignored() implements ColumnUse {}
}
