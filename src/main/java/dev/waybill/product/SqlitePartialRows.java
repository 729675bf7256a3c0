package dev.waybill.product;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows that may leave single values of a product unchanged, or have no name for a new
 * product. Writes the rows one after the other in the order of the file. For each row, first checks
 * whether the product exists.
 */
final class SqlitePartialRows {

  private final Connection connection;
  private final HeaderMapping mapping;
  private final SqliteProductSql sql;
  private final Writing writing;
  private final int nameSlot;

  SqlitePartialRows(Connection connection, HeaderMapping mapping, Writing writing) {
    this.connection = connection;
    this.mapping = mapping;
    this.sql = new SqliteProductSql(mapping, writing);
    this.writing = writing;
    this.nameSlot = mapping.slotOf(Field.NAME);
  }

  Outcome[] upsert(ProductRows rows) throws SQLException {
    if (mapping.hasAttributes()) {
      SqliteProductStore.execute(connection, SqliteProductSql.MAKE_TOO_LARGE);
      SqliteProductStore.execute(connection, SqliteProductSql.MAKE_LIMIT);
    }
    Outcome[] outcomes = new Outcome[rows.size()];
    try (SqliteKeepChanges _ = SqliteKeepChanges.open(connection, mapping, writing);
        PreparedStatement exists = connection.prepareStatement(SqliteProductSql.EXISTS);
        PreparedStatement insert = connection.prepareStatement(sql.insert(1));
        PreparedStatement update = connection.prepareStatement(sql.update())) {
      for (int i = 0; i < outcomes.length; i++) {
        ProductRow row = rows.get(i);
        if (find(exists, row)) {
          outcomes[i] = update(update, row);
        } else if (hasName(row)) {
          SqliteProductStore.bind(insert, 0, mapping, row, row.attributesUtf8());
          insert.executeUpdate();
          outcomes[i] = Outcome.CREATED;
        } else {
          outcomes[i] = Outcome.NAME_MISSING;
        }
      }
    }
    return outcomes;
  }

  Outcome[] compare(ProductRows rows) throws SQLException {
    Outcome[] outcomes = new Outcome[rows.size()];
    try (PreparedStatement compare = connection.prepareStatement(sql.compare());
        PreparedStatement keep = connection.prepareStatement(sql.keepCompared())) {
      long room = writing.room();
      for (int i = 0; i < outcomes.length; i++) {
        ProductRow row = rows.get(i);
        bind(compare, row);
        try (ResultSet stored = compare.executeQuery()) {
          outcomes[i] = compared(stored, row);
        }
        if (room >= 0 && outcomes[i] == Outcome.UPDATED) {
          bind(keep, row);
          room -= SqliteProductStore.keep(keep);
        }
      }
    }
    return outcomes;
  }

  private Outcome compared(ResultSet stored, ProductRow row) throws SQLException {
    if (!stored.next()) {
      return hasName(row) ? Outcome.CREATED : Outcome.NAME_MISSING;
    }
    if (stored.getBoolean(2)) {
      return Outcome.ATTRIBUTES_TOO_LARGE;
    }
    return stored.getBoolean(1) ? Outcome.UPDATED : Outcome.UNCHANGED;
  }

  private boolean hasName(ProductRow row) {
    return nameSlot >= 0 && row.utf8(nameSlot) != null;
  }

  private static boolean find(PreparedStatement exists, ProductRow row) throws SQLException {
    exists.setBytes(1, row.utf8(HeaderMapping.SKU_SLOT));
    try (ResultSet found = exists.executeQuery()) {
      return found.next();
    }
  }

  private Outcome update(PreparedStatement update, ProductRow row) throws SQLException {
    bind(update, row);
    if (update.executeUpdate() == 1) {
      return Outcome.UPDATED;
    }
    return mapping.hasAttributes() && wasTooLarge()
        ? Outcome.ATTRIBUTES_TOO_LARGE
        : Outcome.UNCHANGED;
  }

  private void bind(PreparedStatement statement, ProductRow row) throws SQLException {
    byte @Nullable [] patch = row.attributesPatchUtf8();
    SqliteProductStore.bind(statement, 0, mapping, row, patch);
    if (mapping.fields().size() > 1) {
      statement.setInt(sql.parameters() + 1, row.kept());
    }
  }

  private boolean wasTooLarge() throws SQLException {
    boolean noted;
    try (Statement statement = connection.createStatement();
        ResultSet skus = statement.executeQuery(SqliteProductSql.TOO_LARGE)) {
      noted = skus.next();
    }
    if (noted) {
      SqliteProductStore.execute(connection, SqliteProductSql.EMPTY_TOO_LARGE);
    }
    return noted;
  }
}
