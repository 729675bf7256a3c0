package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.csv.Position;
import dev.waybill.product.ProductRows;
import java.util.Arrays;
import java.util.List;

/**
 * Consecutive records of a file, parsed and checked, ready to be written in one transaction. All
 * rows of a product are in the same chunk.
 *
 * @param firstRow the number of the chunk's first record
 * @param lastRow the number of the chunk's last record
 * @param accepted the rows that passed the checks, in the order of the file
 * @param acceptedRows the row numbers of the accepted rows, parallel to {@code accepted}
 * @param rejectedRows the numbers of the rows that did not pass, ascending
 * @param merged the number of rows that were added to the product of an earlier row
 * @param skipped the number of rows that were left out on purpose
 * @param rejections the rejected rows that will be stored; further rejected rows are only counted
 * @param causes the causes for which rows were rejected
 * @param notices the notices for the user about the rows
 * @param start the position at which the chunk's first record starts
 * @param next the position at which the next chunk starts
 * @param bytesRead the number of bytes of the stored file up to the end of the chunk
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
   * This chunk without the rows after {@code row}. {@link #next} is not changed, because the import
   * ends after this chunk.
   *
   * @param row the last row to keep
   */
  Chunk upTo(long row) {
    long[] accepting = Arrays.stream(acceptedRows).takeWhile(number -> number <= row).toArray();
    long[] rejecting = Arrays.stream(rejectedRows).takeWhile(number -> number <= row).toArray();
    // All other rows are either merged or skipped, because no file format has both sorts of rows.
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

  /** The number of rows that did not pass the checks. */
  long rejected() {
    return rows() - accepted.size() - merged - skipped;
  }
}
