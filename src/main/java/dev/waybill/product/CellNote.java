package dev.waybill.product;

/**
 * A note for the person in the shop about a cell of an accepted row.
 *
 * @param column the name of the column in the header
 */
public record CellNote(Kind kind, String column) {

  /** The kind of a note. The kind says how the cell was treated. */
  public enum Kind {
    /**
     * The cell contains a word that means an empty value, such as NULL, and is treated as blank.
     */
    BLANKED,
    /** The cell cannot be read, so its value was left out. */
    DROPPED,
    /**
     * The cell is accepted as a sku. But a program may have changed the cell, or its row may be a
     * total or another line that is not a product.
     */
    SUSPECT,
    /** The cell is accepted as a gtin, but its last digit is not the check digit. */
    CHECK_DIGIT
  }
}
