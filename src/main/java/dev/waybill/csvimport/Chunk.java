package dev.waybill.csvimport;

import dev.waybill.csv.Position;
import dev.waybill.product.ProductRows;
import java.util.List;

/**
 * Consecutive records of a file, parsed and checked, ready to be written in one transaction.
 *
 * @param firstRow the number of its first record
 * @param lastRow the number of its last record
 * @param accepted the rows that passed, in the order of the file
 * @param acceptedRows their row numbers, parallel to {@code accepted}
 * @param rejected how many others there are
 * @param rejections those of them that are to be stored
 * @param start where its first record begins
 * @param next where the next chunk begins
 * @param bytesRead how much of the uploaded file is covered up to the end of the chunk
 */
record Chunk(
    long firstRow,
    long lastRow,
    ProductRows accepted,
    long[] acceptedRows,
    long rejected,
    List<Rejection> rejections,
    Position start,
    Position next,
    long bytesRead) {

  long rows() {
    return lastRow - firstRow + 1;
  }
}
