package dev.waybill.csv;

/**
 * A position between two records at which reading can resume.
 *
 * @param offset in bytes of the text as UTF-8, including a byte order mark. For a file in UTF-8
 *     this is the offset in the file; for one in another charset the offset in its transcoded text
 * @param line the physical line that starts here; the first line of the file is 1
 * @param secondHeader the line of a header of another table above this position; 0 if none
 */
public record Position(long offset, long line, long secondHeader) {

  public Position(long offset, long line) {
    this(offset, line, 0);
  }
}
