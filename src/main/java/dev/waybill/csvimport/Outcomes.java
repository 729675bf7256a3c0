package dev.waybill.csvimport;

import dev.waybill.product.Outcome;
import dev.waybill.product.ProductRows;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The results of the accepted rows of a chunk, packed in one array of bytes. The array has three
 * parts for each row, in the order of the file. The first part is one number that combines the
 * result with the distance to the previous row. The second part is the number of bytes at the start
 * of the sku that are the same as in the previous sku. The third part is the length and the bytes
 * of the rest of the sku. A row takes about 4 bytes if its sku is similar to the previous sku.
 * Otherwise it takes about 15 bytes. A separate table for the results would be as expensive as the
 * table of products.
 */
final class Outcomes {

  /**
   * The results by index. Stored journals contain the index of a result. So append new results only
   * at the end, and never change {@link #RADIX}.
   */
  private static final List<Outcome> RESULTS =
      List.of(Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED);

  private static final int RADIX = 3;

  /**
   * The maximum number of bytes that a row takes in addition to its sku. This number is the length
   * of the longest encoding of a long and two ints, with seven bits in each byte.
   */
  private static final int MOST_BYTES_BESIDE_SKU = 10 + 2 * 5;

  /**
   * One accepted row.
   *
   * @param row the number of the row in the file
   */
  record Accepted(long row, Outcome result, String sku) {}

  private Outcomes() {}

  static byte[] pack(Chunk chunk, Outcome[] results) {
    ProductRows accepted = chunk.accepted();
    ByteBuffer packed =
        ByteBuffer.allocate(accepted.skuBytes() + MOST_BYTES_BESIDE_SKU * results.length);
    long before = chunk.firstRow() - 1;
    boolean skipped = false;
    for (int i = 0; i < results.length; i++) {
      int result = RESULTS.indexOf(results[i]);
      if (result < 0) {
        // This row is not packed, so the next sku cannot refer to the sku of this row.
        skipped = true;
        continue;
      }
      long row = chunk.acceptedRows()[i];
      putNumber(packed, (row - before) * RADIX + result);
      int shared = skipped ? 0 : accepted.sharedWithSkuBefore(i);
      putNumber(packed, shared);
      putNumber(packed, accepted.skuLength(i) - shared);
      accepted.putSku(i, shared, packed);
      before = row;
      skipped = false;
    }
    return Arrays.copyOf(packed.array(), packed.position());
  }

  /** The packed rows after a row number, at most {@code limit}. */
  static List<Accepted> unpack(long firstRow, byte[] packed, long after, int limit) {
    List<Accepted> rows = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(packed);
    long row = firstRow - 1;
    byte[] sku = {};
    while (bytes.hasRemaining() && rows.size() < limit) {
      long distanceAndResult = getNumber(bytes);
      row += distanceAndResult / RADIX;
      int shared = (int) getNumber(bytes);
      int others = (int) getNumber(bytes);
      sku = Arrays.copyOf(sku, shared + others);
      bytes.get(sku, shared, others);
      if (row > after) {
        Outcome result = RESULTS.get((int) (distanceAndResult % RADIX));
        rows.add(new Accepted(row, result, new String(sku, StandardCharsets.UTF_8)));
      }
    }
    return rows;
  }

  /** Counts these rows by their results. */
  static Counts counts(List<Accepted> rows) {
    return new Counts(
        rows.size(),
        times(rows, Outcome.CREATED),
        times(rows, Outcome.UPDATED),
        times(rows, Outcome.UNCHANGED),
        0,
        0,
        0);
  }

  private static long times(List<Accepted> rows, Outcome result) {
    return rows.stream().filter(row -> row.result() == result).count();
  }

  /**
   * Writes a number with seven bits in each byte, the lowest bits first. The high bit of a byte
   * says that more bytes follow.
   */
  private static void putNumber(ByteBuffer out, long number) {
    long rest = number;
    while (rest >= 0x80) {
      out.put((byte) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static long getNumber(ByteBuffer in) {
    long number = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      number |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return number;
      }
    }
  }
}
