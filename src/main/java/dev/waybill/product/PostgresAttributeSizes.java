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
 * Finds the rows of a chunk that would make their products' attributes too large.
 *
 * <p>A product loses the attributes that the file has a column for and gets those of the row. So
 * the size afterwards is that of its other attributes and that of the row's together.
 */
final class PostgresAttributeSizes {

  private static final Stored UNKNOWN = new Stored(Size.NONE, Size.NONE);

  private final Connection connection;
  private final PostgresProductSql sql;

  PostgresAttributeSizes(Connection connection, PostgresProductSql sql) {
    this.connection = connection;
    this.sql = sql;
  }

  /** The attributes of a stored product, and those of them that the file has no column for. */
  private record Stored(Size all, Size others) {}

  /** Locks the products of some rows, and judges each of these after those before it. */
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

  /** Judges some of the rows, each as if it were the only one. */
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
