package dev.waybill.csvimport;

import dev.waybill.product.Outcome;
import dev.waybill.product.ProductRow;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of the accepted rows of a chunk, packed in one value: for each, in the order of the
 * file, the distance to the row before and the result in one number, then the sku. About 15 bytes a
 * row, where a table of its own would cost as much as the products.
 */
final class Outcomes {

  private static final Outcome[] RESULTS = Outcome.values();

  /**
   * One accepted row.
   *
   * @param row its number in the file
   */
  record Accepted(long row, Outcome result, String sku) {}

  private Outcomes() {}

  static byte[] pack(Chunk chunk, Outcome[] results) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(16 * results.length);
    long before = chunk.firstRow() - 1;
    for (int i = 0; i < results.length; i++) {
      long row = chunk.acceptedRows()[i];
      ProductRow accepted = chunk.accepted().get(i);
      byte[] sku = accepted.skuUtf8();
      putNumber(packed, (row - before) * RESULTS.length + results[i].ordinal());
      putNumber(packed, sku.length);
      packed.write(sku, 0, sku.length);
      before = row;
    }
    return packed.toByteArray();
  }

  static List<Accepted> unpack(long firstRow, byte[] packed) {
    List<Accepted> rows = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(packed);
    long row = firstRow - 1;
    while (bytes.hasRemaining()) {
      long distanceAndResult = getNumber(bytes);
      row += distanceAndResult / RESULTS.length;
      byte[] sku = new byte[(int) getNumber(bytes)];
      bytes.get(sku);
      rows.add(
          new Accepted(
              row,
              RESULTS[(int) (distanceAndResult % RESULTS.length)],
              new String(sku, StandardCharsets.UTF_8)));
    }
    return rows;
  }

  /** Seven bits a byte, the lowest first; the high bit says that more follow. */
  private static void putNumber(ByteArrayOutputStream out, long number) {
    long rest = number;
    while (rest >= 0x80) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
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
