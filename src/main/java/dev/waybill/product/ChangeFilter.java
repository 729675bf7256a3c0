package dev.waybill.product;

import java.util.Optional;

/**
 * The condition that selects the changes of products that a caller wants.
 *
 * @param columns one bit for each wanted column; changes that do not concern any of these columns
 *     are left out
 * @param price the condition that the change of the price must meet
 */
public record ChangeFilter(int columns, Price price) {

  /** The filter that selects every change. */
  public static final ChangeFilter ALL = new ChangeFilter(ChangeColumns.EVERY_BIT, Price.ANY);

  /** A condition for the change of a price. */
  public enum Price {
    /** The price may change in any way or stay the same. */
    ANY("1 = 1"),
    /** The price falls by more than 30 %. */
    FALLING("%2$s * 10 < %1$s * 7"),
    /** The price rises by more than 30 %. */
    RISING("%2$s * 10 > %1$s * 13");

    /**
     * The condition in SQL. The condition compares whole numbers, because SQLite does not compute
     * exactly with decimal numbers.
     */
    private final String condition;

    Price(String condition) {
      this.condition =
          condition.formatted(
              "round(CAST(old_price AS numeric) * 10000)",
              "round(CAST(new_price AS numeric) * 10000)");
    }

    /** The price condition in SQL that both PostgreSQL and SQLite understand. */
    String condition() {
      return this == ANY ? condition : "(changed & %d <> 0 AND %s)".formatted(PRICE, condition);
    }
  }

  private static final int PRICE = ChangeColumns.bit(Field.PRICE.column());

  /**
   * The columns with this name, one bit each. The comparison ignores case, spaces, {@code _} and
   * {@code -}. Empty if no column has this name.
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

  /** The whole filter as a condition in SQL that both PostgreSQL and SQLite understand. */
  String condition() {
    String ofColumns =
        this.columns == ChangeColumns.EVERY_BIT ? "1 = 1" : "changed & %d <> 0".formatted(columns);
    return ofColumns + " AND " + price.condition();
  }
}
