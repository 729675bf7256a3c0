package dev.waybill.csvimport;

import dev.waybill.product.CellNote;
import dev.waybill.product.RowError;
import java.util.List;

/**
 * Makes products of the rows of one file. Rows that stand one behind the other and have the same
 * key belong together. Stateless, so that an import goes on at any product as if it had not
 * stopped.
 */
interface AssembleProducts {

  /** Each row is a product. */
  AssembleProducts ROW_BY_ROW =
      new AssembleProducts() {
        @Override
        public boolean isRowByRow() {
          return true;
        }

        @Override
        public boolean belongsTo(List<String[]> product, String[] cells) {
          return false;
        }

        @Override
        public List<Part> assemble(List<String[]> rows) {
          return rows.stream().<Part>map(Part.Row::new).toList();
        }
      };

  /** What becomes of a row. */
  sealed interface Part {

    /**
     * A row of its own, to be checked.
     *
     * @param notes what was done to its cells
     */
    record Row(String[] cells, List<CellNote> notes) implements Part {

      Row(String[] cells) {
        this(cells, List.of());
      }
    }

    /** Added to the product of an earlier row. */
    record Merged() implements Part {}

    /** Left out on purpose. */
    record Skipped(String notice, String detail) implements Part {}

    record Rejected(RowError error) implements Part {}
  }

  /** Whether rows need not be gathered; {@link #assemble} then is never called. */
  default boolean isRowByRow() {
    return false;
  }

  /**
   * Whether a row belongs to the product of the rows before.
   *
   * @param product at least one row
   * @param cells as many as the header has; not changed
   */
  boolean belongsTo(List<String[]> product, String[] cells);

  /** What becomes of the rows of one product, one part for each. May change the cells. */
  List<Part> assemble(List<String[]> rows);

  /** The cell of a column, stripped; empty for a column that the file does not have. */
  static String cell(String[] cells, int column) {
    return column < 0 ? "" : cells[column].strip();
  }
}
