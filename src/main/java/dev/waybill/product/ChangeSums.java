package dev.waybill.product;

import java.util.Map;
import java.util.TreeMap;

/**
 * The sums of some changes of products.
 *
 * @param rows the number of changes
 * @param bytes the approximate size of the changes in the database
 * @param fields for each field, how many changes change it; a field that does not change is missing
 * @param pricesFalling how many prices fall by more than 30 %
 * @param pricesRising how many prices rise by more than 30 %
 */
public record ChangeSums(
    long rows, long bytes, Map<String, Long> fields, long pricesFalling, long pricesRising) {

  public static final ChangeSums NONE = new ChangeSums(0, 0, Map.of(), 0, 0);

  /** The same sums with a larger number of bytes. */
  public ChangeSums plusBytes(long more) {
    return new ChangeSums(rows, bytes + more, fields, pricesFalling, pricesRising);
  }

  /** Sums that cancel these out when they are added. */
  public ChangeSums negated() {
    Map<String, Long> less = new TreeMap<>();
    fields.forEach((field, count) -> less.put(field, -count));
    return new ChangeSums(-rows, -bytes, less, -pricesFalling, -pricesRising);
  }

  public ChangeSums plus(ChangeSums other) {
    Map<String, Long> all = new TreeMap<>(fields);
    other.fields.forEach((field, count) -> all.merge(field, count, Long::sum));
    all.values().removeIf(count -> count == 0);
    return new ChangeSums(
        rows + other.rows,
        bytes + other.bytes,
        all,
        pricesFalling + other.pricesFalling,
        pricesRising + other.pricesRising);
  }
}
