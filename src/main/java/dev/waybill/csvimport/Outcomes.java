package dev.waybill.csvimport;

import dev.waybill.product.Outcome;
import dev.waybill.product.ProductRows;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What became of the accepted rows of a chunk, packed in one value: for each, in the order of the
 * file, the distance to the row before and the result in one number, then how many bytes of its sku
 * are those of the sku before, and the others. About 4 bytes a row where skus resemble each other,
 * 15 where they do not; a table of its own would cost as much as the products.
 */
final class Outcomes {

  /** By their numbers in stored journals: append to it, and never change {@link #RADIX}. */
  private static final List<Outcome> RESULTS =
      List.of(Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED);

  private static final int RADIX = 3;

  /** A long and two ints, of seven bits a byte. */
  private static final int MOST_BYTES_BESIDE_SKU = 10 + 2 * 5;

  /**
   * One accepted row.
   *
   * @param row its number in the file
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
        skipped = true; // the next sku cannot refer to one that is not there
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

  /** At most {@code limit} of the packed rows after a row number. */
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

  /** Seven bits a byte, the lowest first; the high bit says that more follow. */
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
