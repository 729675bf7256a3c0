package dev.waybill.csvimport;

import dev.waybill.product.ColumnUse;
import dev.waybill.product.Field;
import java.util.List;
import java.util.Map;

/** Collects which columns of a known file format are fields and which columns are attributes. */
final class ColumnUses {

  private ColumnUses() {}

  /** Uses a column as a field, if the file has this column. */
  static void put(
      Map<String, ColumnUse> uses, List<String> header, Columns columns, String name, Field field) {
    int column = columns.find(name);
    if (column >= 0) {
      uses.put(header.get(column), new ColumnUse.AsField(field));
    }
  }

  /** Keeps a column as an attribute, if the file has this column. */
  static void keep(
      Map<String, ColumnUse> uses, List<String> header, Columns columns, String... names) {
    for (String name : names) {
      int column = columns.find(name);
      if (column >= 0) {
        uses.put(header.get(column), ColumnUse.ATTRIBUTE);
      }
    }
  }
}
