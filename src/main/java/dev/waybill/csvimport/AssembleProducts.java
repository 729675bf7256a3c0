package dev.waybill.csvimport;

import dev.waybill.product.CellNote;
import dev.waybill.product.RowError;
import java.util.List;

/**
 * Makes products from the rows of one file. Consecutive rows with the same key belong to the same
 * product. Implementations are stateless, so that an interrupted import can continue at any
 * product.
 */
interface AssembleProducts {

  /** Each row is one product. */
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

  /** The result of assembling a product, for one row. */
  sealed interface Part {

    /**
     * The row is a product. The caller must still check the row.
     *
     * @param notes notes about the changes that were made in the cells
     */
    record Row(String[] cells, List<CellNote> notes) implements Part {

      Row(String[] cells) {
        this(cells, List.of());
      }
    }

    /** The row was added to the product of an earlier row. */
    record Merged() implements Part {}

    /** The row is left out on purpose, with a notice. */
    record Skipped(String notice, String detail) implements Part {}

    record Rejected(RowError error) implements Part {}
  }

  /**
   * Whether each row is one product. If each row is one product, the caller does not collect rows
   * and never calls {@link #assemble}.
   */
  default boolean isRowByRow() {
    return false;
  }

  /**
   * Whether a row belongs to the same product as the rows before it.
   *
   * @param product the rows of the product so far, at least one
   * @param cells the cells of the row, as many as the header has. This method does not change the
   *     cells
   */
  boolean belongsTo(List<String[]> product, String[] cells);

  /**
   * Returns the results for the rows of one product, one result for each row. May change the cells.
   */
  List<Part> assemble(List<String[]> rows);

  /** The stripped cell of a column; empty if the file does not have the column. */
  static String cell(String[] cells, int column) {
    return column < 0 ? "" : cells[column].strip();
  }
}
