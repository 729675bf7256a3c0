package dev.waybill.csv;

/** What the framer found at one place, by offsets in the text. */
sealed interface Frame {

  /** Where to read on. */
  long next();

  /**
   * A record that ends properly; its bytes are in the window until the framer goes on.
   *
   * @param end after its last byte, before the line end
   * @param lines physical lines that it spans
   * @param strayQuote a cell without quotes around it has a quote in it
   */
  record Whole(long start, long end, long next, int lines, int cells, boolean strayQuote)
      implements Frame {}

  /**
   * A record that is damaged; {@link #next} is the line after its first.
   *
   * @param lines physical lines up to the flaw, the first included
   * @param cells those of the first line, or up to the flaw where they are too many
   * @param openCell the cell (from 1) whose quotes hold the first line's end; 0 where none do
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
      implements Frame {}

  /** What broke a record. */
  enum Flaw {
    UNCLOSED_QUOTE,
    TEXT_AFTER_QUOTE,
    /** Over several lines; a record on a single line is whole with any number of cells. */
    TOO_FEW_CELLS,
    /** Over several lines, as above. */
    TOO_MANY_CELLS,
    TOO_MANY_BYTES,
    TOO_MANY_LINES
  }
}
