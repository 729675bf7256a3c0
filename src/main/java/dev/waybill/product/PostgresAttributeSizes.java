package dev.waybill.product;

import dev.waybill.product.AttributeLimits.Size;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the rows of a chunk that would make the attributes of their products too large.
 *
 * <p>A row first removes the attributes of its product for which the file has a column, and then
 * adds its own attributes. So the new size is the size of the product's other attributes plus the
 * size of the row's attributes.
 */
final class PostgresAttributeSizes {

  private static final Stored UNKNOWN = new Stored(Size.NONE, Size.NONE);

  private final Connection connection;
  private final PostgresProductSql sql;

  PostgresAttributeSizes(Connection connection, PostgresProductSql sql) {
    this.connection = connection;
    this.sql = sql;
  }

  /**
   * Two sizes of a stored product: the size of all its attributes, and the size of the attributes
   * for which the file has no column.
   */
  private record Stored(Size all, Size others) {}

  /**
   * Finds, among the rows in {@code some}, the rows that would make the attributes of their
   * products too large. Locks the products of the rows in {@code some}. Each row is checked as if
   * the earlier rows had already changed the product.
   */
  BitSet tooLargeInOrder(List<ProductRow> rows, BitSet some) throws SQLException {
    Map<String, Stored> stored = read(PostgresProductSql.LOCK_ATTRIBUTE_SIZES, rows, some);
    BitSet tooLarge = new BitSet();
    for (int place : some.stream().toArray()) {
      ProductRow row = rows.get(place);
      Stored before = stored.getOrDefault(row.sku(), UNKNOWN);
      Size after = before.others().plus(row.attributeSize());
      if (after.isTooLarge(before.all())) {
        tooLarge.set(place);
      } else {
        stored.put(row.sku(), new Stored(after, before.others()));
      }
    }
    return tooLarge;
  }

  /**
   * Finds, among the rows in {@code some}, the rows that would make the attributes of their
   * products too large. Each row is checked as if it were the only row.
   */
  BitSet tooLargeAlone(List<ProductRow> rows, BitSet some) throws SQLException {
    Map<String, Stored> stored = read(PostgresProductSql.READ_ATTRIBUTE_SIZES, rows, some);
    BitSet tooLarge = new BitSet();
    some.stream()
        .filter(
            place -> {
              ProductRow row = rows.get(place);
              Stored before = stored.getOrDefault(row.sku(), UNKNOWN);
              return before.others().plus(row.attributeSize()).isTooLarge(before.all());
            })
        .forEach(tooLarge::set);
    return tooLarge;
  }

  private Map<String, Stored> read(String statement, List<ProductRow> rows, BitSet some)
      throws SQLException {
    Map<String, Stored> stored = new HashMap<>();
    Object[] skus =
        some.stream().mapToObj(place -> rows.get(place).sku()).distinct().toArray(String[]::new);
    try (PreparedStatement select = connection.prepareStatement(statement)) {
      select.setArray(1, connection.createArrayOf("text", skus));
      select.setObject(2, sql.attributeNames());
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          Size all = new Size(found.getInt(2), found.getLong(3));
          stored.put(
              found.getString(1), new Stored(all, new Size(found.getInt(4), found.getLong(5))));
        }
      }
    }
    return stored;
  }
}
