package dev.waybill.csv;

/**
 * A record that the {@link Framer} found. A record is either whole or broken (damaged). Offsets
 * count the bytes of the text.
 */
sealed interface FramedRecord {

  /** The offset at which the next record starts. */
  long next();

  /**
   * A record that ends properly. The bytes of the record stay in the {@link Window} until the
   * framer reads the next record.
   *
   * @param end the offset after the record's last byte, before the line end
   * @param lines the number of physical lines
   * @param strayQuote whether an unquoted cell contains a quote
   * @param paddedQuote whether a cell has blanks outside of its quotes
   */
  record Whole(
      long start,
      long end,
      long next,
      int lines,
      int cells,
      boolean strayQuote,
      boolean paddedQuote)
      implements FramedRecord {}

  /**
   * A damaged record. {@link #next} is the start of the second line of the record.
   *
   * @param lines the number of physical lines up to the flaw, including the first line
   * @param cells the number of cells in the first line; if there are too many cells, the number of
   *     cells up to the flaw
   * @param openCell the cell (from 1) whose quotes are still open at the end of the first line; 0
   *     if no quotes are open
   * @param inQuotes whether quotes were open at the flaw
   * @param firstLine the record's first line
   */
  record Broken(
      Flaw flaw,
      int lines,
      int cells,
      int openCell,
      boolean inQuotes,
      Original firstLine,
      long next)
      implements FramedRecord {}

  /** The reason why a record is broken. */
  enum Flaw {
    UNCLOSED_QUOTE,
    TEXT_AFTER_QUOTE,
    /**
     * This flaw exists only in a record of several lines. A record on a single line is whole with
     * any number of cells.
     */
    TOO_FEW_CELLS,
    /**
     * This flaw exists only in a record of several lines. A record on a single line is whole with
     * any number of cells.
     */
    TOO_MANY_CELLS,
    TOO_MANY_BYTES,
    TOO_MANY_LINES
  }
}
