package dev.waybill.product;

/**
 * Something in a cell of an accepted row that the person in the shop must learn about.
 *
 * @param column the column's name as the header writes it
 */
public record CellNote(Kind kind, String column) {

  /** The way in which the cell was treated. */
  public enum Kind {
    /**
     * The cell contains a word that means an empty value, such as NULL, and is treated as blank.
     */
    BLANKED,
    /** The cell cannot be read, so its value was left out. */
    DROPPED,
    /**
     * The cell is accepted as a sku, but a program may have changed it, or its row may be a total
     * or another line that is no product.
     */
    SUSPECT,
    /** The cell is accepted as a gtin, but its last digit is not the check digit. */
    CHECK_DIGIT
  }
}
