package dev.waybill.product;

import java.util.Optional;

/**
 * Which changes of products are wanted.
 *
 * @param columns one bit each; a change of none of them is left out
 * @param price how the price changes
 */
public record ChangeFilter(int columns, Price price) {

  /** Every change. */
  public static final ChangeFilter ALL = new ChangeFilter(ChangeColumns.EVERY_BIT, Price.ANY);

  /** How a price changes. */
  public enum Price {
    /** In any way, or not at all. */
    ANY("1 = 1"),
    /** By more than 30 % downwards. */
    FALLING("%2$s * 10 < %1$s * 7"),
    /** By more than 30 % upwards. */
    RISING("%2$s * 10 > %1$s * 13");

    /** Of whole numbers, since the numbers of SQLite are inexact. */
    private final String condition;

    Price(String condition) {
      this.condition =
          condition.formatted(
              "round(CAST(old_price AS numeric) * 10000)",
              "round(CAST(new_price AS numeric) * 10000)");
    }

    /** As a condition in SQL that all our databases understand. */
    String condition() {
      return this == ANY ? condition : "(changed & %d <> 0 AND %s)".formatted(PRICE, condition);
    }
  }

  private static final int PRICE = ChangeColumns.bit(Field.PRICE.column());

  /**
   * The columns that a name means, case, spaces, {@code _} and {@code -} aside; one bit each, empty
   * for a name that is none.
   */
  public static Optional<Integer> columns(String name) {
    String loose = Field.loose(name);
    return ChangeColumns.ALL.stream()
        .filter(column -> Field.loose(column).equals(loose))
        .map(ChangeColumns::bit)
        .findFirst();
  }

  boolean wants(String column) {
    return (columns & ChangeColumns.bit(column)) != 0;
  }

  /** As a condition in SQL that all our databases understand. */
  String condition() {
    String ofColumns =
        this.columns == ChangeColumns.EVERY_BIT ? "1 = 1" : "changed & %d <> 0".formatted(columns);
    return ofColumns + " AND " + price.condition();
  }
}
