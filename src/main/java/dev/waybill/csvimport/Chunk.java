package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.csv.Position;
import dev.waybill.product.ProductRows;
import java.util.List;

/**
 * Consecutive records of a file, parsed and checked, ready to be written in one transaction. It
 * cuts no product in two.
 *
 * @param firstRow the number of its first record
 * @param lastRow the number of its last record
 * @param accepted the rows that passed, in the order of the file
 * @param acceptedRows their row numbers, parallel to {@code accepted}
 * @param merged how many rows were added to the product of an earlier one
 * @param skipped how many rows were left out on purpose
 * @param rejections those of the rejected rows that are to be stored
 * @param notices what must not pass in silence
 * @param start where its first record begins
 * @param next where the next chunk begins
 * @param bytesRead how much of the uploaded file is covered up to the end of the chunk
 */
record Chunk(
    long firstRow,
    long lastRow,
    ProductRows accepted,
    long[] acceptedRows,
    long merged,
    long skipped,
    List<Rejection> rejections,
    List<Notice> notices,
    Position start,
    Position next,
    long bytesRead) {

  long rows() {
    return lastRow - firstRow + 1;
  }

  /** How many rows did not pass. */
  long rejected() {
    return rows() - accepted.size() - merged - skipped;
  }
}
