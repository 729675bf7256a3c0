package dev.waybill.product;

import java.util.Map;
import java.util.TreeMap;

/**
 * The sums over a set of changes of products.
 *
 * @param rows the number of changes
 * @param bytes the approximate size of the changes in the database
 * @param fields the number of changes that concern each field; a field that no change concerns is
 *     missing
 * @param pricesFalling the number of prices that fall by more than 30 %
 * @param pricesRising the number of prices that rise by more than 30 %
 */
public record ChangeSums(
    long rows, long bytes, Map<String, Long> fields, long pricesFalling, long pricesRising) {

  public static final ChangeSums NONE = new ChangeSums(0, 0, Map.of(), 0, 0);

  /** The same sums with {@code more} bytes added. */
  public ChangeSums plusBytes(long more) {
    return new ChangeSums(rows, bytes + more, fields, pricesFalling, pricesRising);
  }

  /** The negative of these sums. If it is added to these sums, the result is zero. */
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
