package dev.waybill.product;

import java.util.Map;
import java.util.TreeMap;

/**
 * What some changes of products add up to.
 *
 * @param rows how many changes
 * @param bytes about what they take in the database
 * @param fields how many change each field; none for a field that does not change
 * @param pricesFalling how many prices fall by more than 30 %
 * @param pricesRising how many prices rise by more than 30 %
 */
public record ChangeSums(
    long rows, long bytes, Map<String, Long> fields, long pricesFalling, long pricesRising) {

  public static final ChangeSums NONE = new ChangeSums(0, 0, Map.of(), 0, 0);

  /** The same, with more bytes. */
  public ChangeSums plusBytes(long more) {
    return new ChangeSums(rows, bytes + more, fields, pricesFalling, pricesRising);
  }

  public ChangeSums plus(ChangeSums other) {
    Map<String, Long> all = new TreeMap<>(fields);
    other.fields.forEach((field, count) -> all.merge(field, count, Long::sum));
    return new ChangeSums(
        rows + other.rows,
        bytes + other.bytes,
        all,
        pricesFalling + other.pricesFalling,
        pricesRising + other.pricesRising);
  }
}
