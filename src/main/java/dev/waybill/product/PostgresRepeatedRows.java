package dev.waybill.product;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.dao.PessimisticLockingFailureException;

/**
 * Stores the changes that the later rows of a repeated sku make. Only the last of these rows is
 * written to the table of products, so the trigger on that table does not see the other rows.
 */
final class PostgresRepeatedRows {

  private final Connection connection;
  private final PostgresProductSql sql;
  private final Writing writing;

  PostgresRepeatedRows(Connection connection, PostgresProductSql sql, Writing writing) {
    this.connection = connection;
    this.sql = sql;
    this.writing = writing;
  }

  /**
   * Locks the products and returns the number of rows, from the start of the list, whose changes
   * fit into the room. The sizes are estimates that are usually too large.
   *
   * @param rows sorted by sku, then in the order of the file
   * @throws PessimisticLockingFailureException if a product was deleted after its first row was
   *     compared; the caller must write the chunk again
   */
  int fitting(List<ProductRow> rows) throws SQLException {
    Object[] skus = rows.stream().map(ProductRow::sku).distinct().toArray();
    Map<String, Long> stored = new HashMap<>();
    long room = 0;
    try (PreparedStatement lock = connection.prepareStatement(sql.lockSizes())) {
      lock.setArray(1, connection.createArrayOf("text", skus));
      try (ResultSet found = lock.executeQuery()) {
        while (found.next()) {
          stored.put(found.getString(1), found.getLong(2));
          room = found.getLong(3);
        }
      }
    }
    if (stored.size() < skus.length) {
      // A product can be missing if the first row of its sku changed nothing and therefore did not
      // lock the product.
      throw new PessimisticLockingFailureException(
          "A product was deleted while a chunk was written");
    }
    int fitting = 0;
    for (ProductRow row : rows) {
      // Counts the stored size twice, because both the old and the new value of a change may
      // contain attributes for which the file has no column.
      room -=
          PostgresKeepChanges.SMALL_BYTES
              + 2 * (stored.getOrDefault(row.sku(), 0L) + row.to() - row.from());
      if (room < 0) {
        break;
      }
      fitting++;
    }
    return fitting;
  }

  /**
   * Stores one change for each row of the temporary table. The first row of a sku is compared with
   * the stored product. Each later row is compared with the previous row.
   */
  void keep() throws SQLException {
    try (PreparedStatement keep = connection.prepareStatement(sql.keepRepeated(writing))) {
      sql.bindAttributes(keep, PostgresProductSql.ATTRIBUTES_IN_KEEP_REPEATED);
      keep.executeUpdate();
    }
  }

  /**
   * Makes this job the last writer of the products. Some of these products have their original
   * values again after the last row, and are therefore not written by the upsert.
   */
  void sign(List<ProductRow> rows) throws SQLException {
    try (PreparedStatement sign = connection.prepareStatement(PostgresProductSql.SIGN)) {
      sign.setInt(1, writing.writer());
      sign.setArray(
          2,
          connection.createArrayOf(
              "text", rows.stream().map(ProductRow::sku).distinct().toArray()));
      sign.setInt(3, writing.writer());
      sign.executeUpdate();
    }
  }
}
