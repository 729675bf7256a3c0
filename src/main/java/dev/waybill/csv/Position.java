package dev.waybill.csv;

/**
 * A position between two records. A reader can resume at a position.
 *
 * @param offset in bytes of the text as UTF-8, including a byte order mark. For a file in UTF-8
 *     this is the offset in the file; for a file in another charset it is the offset in the
 *     transcoded text
 * @param line the physical line that starts at the offset; the first line of the file is 1
 * @param secondHeader the line of the header of another table above this position; 0 if there is no
 *     such header
 */
public record Position(long offset, long line, long secondHeader) {

  public Position(long offset, long line) {
    this(offset, line, 0);
  }
}
