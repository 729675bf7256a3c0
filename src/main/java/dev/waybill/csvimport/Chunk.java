package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.csv.Position;
import dev.waybill.product.ProductRows;
import java.util.Arrays;
import java.util.List;

/**
 * Consecutive records of a file, parsed and checked, ready to be written in one transaction. It
 * cuts no product in two.
 *
 * @param firstRow the number of its first record
 * @param lastRow the number of its last record
 * @param accepted the rows that passed, in the order of the file
 * @param acceptedRows their row numbers, parallel to {@code accepted}
 * @param rejectedRows the numbers of the rows that did not pass, ascending
 * @param merged how many rows were added to the product of an earlier one
 * @param skipped how many rows were left out on purpose
 * @param rejections those of the rejected rows that are to be stored
 * @param causes what the rejected rows were rejected for
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
    long[] rejectedRows,
    long merged,
    long skipped,
    List<Rejection> rejections,
    ChunkCauses causes,
    List<Notice> notices,
    Position start,
    Position next,
    long bytesRead) {

  long rows() {
    return lastRow - firstRow + 1;
  }

  /**
   * The chunk without its last rows. Where it continues is not changed: it is the last chunk.
   *
   * @param row its last row then
   */
  Chunk upTo(long row) {
    long[] accepting = Arrays.stream(acceptedRows).takeWhile(number -> number <= row).toArray();
    long[] rejecting = Arrays.stream(rejectedRows).takeWhile(number -> number <= row).toArray();
    // No format both merges and skips rows.
    long others = row - firstRow + 1 - accepting.length - rejecting.length;
    long skipping = Math.min(skipped, others);
    return new Chunk(
        firstRow,
        row,
        ProductRows.of(accepted.subList(0, accepting.length)),
        accepting,
        rejecting,
        others - skipping,
        skipping,
        rejections.stream().filter(rejection -> rejection.row() <= row).toList(),
        causes.upTo(row),
        notices,
        start,
        next,
        bytesRead);
  }

  /** How many rows did not pass. */
  long rejected() {
    return rows() - accepted.size() - merged - skipped;
  }
}
