package dev.waybill.product;

/** The use of a column of a file. */
public sealed interface ColumnUse {

  ColumnUse ATTRIBUTE = new Attribute();
  ColumnUse IGNORED = new Ignored();

  record AsField(Field field) implements ColumnUse {}

  /**
   * The column is an attribute. The attribute has the name of the column, even if a field has the
   * same name.
   */
  record Attribute() implements ColumnUse {}

  /** The column is ignored. */
  record Ignored() implements ColumnUse {}
}
