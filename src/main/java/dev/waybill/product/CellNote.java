package dev.waybill.product;

/**
 * Something in a cell of an accepted row that must not pass in silence.
 *
 * @param column as the header writes it
 */
public record CellNote(Kind kind, String column) {

  /** What became of the cell. */
  public enum Kind {
    /** It is a word for nothing, such as NULL, and counts as blank. */
    BLANKED,
    /** It cannot be read and was left out. */
    DROPPED,
    /** It is a sku as it stands, but a program may have changed it. */
    SUSPECT
  }
}
