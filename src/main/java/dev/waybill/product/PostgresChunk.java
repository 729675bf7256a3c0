package dev.waybill.product;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One chunk of rows on the connection of its transaction. */
final class PostgresChunk {

  private static final String UNIQUE_VIOLATION = "23505";

  private final Connection connection;
  private final HeaderMapping mapping;
  private final PostgresProductSql sql;
  private boolean incomingIsUsed;

  PostgresChunk(Connection connection, HeaderMapping mapping) {
    this.connection = connection;
    this.mapping = mapping;
    this.sql = new PostgresProductSql(mapping);
  }

  /**
   * Of rows with the same sku only the first meets what the table holds, and only the last remains:
   * the others are compared with the row before, without the database, since all rows of a file set
   * the same columns.
   */
  Outcome[] upsert(List<ProductRow> rows, StraightCopies straight) throws SQLException {
    Outcome[] outcomes = new Outcome[rows.size()];
    List<Integer> firsts = new ArrayList<>(rows.size());
    List<ProductRow> lasts = new ArrayList<>();
    Integer[] bySku = bySku(rows);
    for (int from = 0, to; from < bySku.length; from = to) {
      ProductRow first = rows.get(bySku[from]);
      ProductRow last = first;
      firsts.add(bySku[from]);
      for (to = from + 1; to < bySku.length; to++) {
        ProductRow next = rows.get(bySku[to]);
        if (!next.sku().equals(first.sku())) {
          break;
        }
        outcomes[bySku[to]] = next.saysTheSameAs(last) ? Outcome.UNCHANGED : Outcome.UPDATED;
        last = next;
      }
      if (!last.saysTheSameAs(first)) {
        lasts.add(last);
      }
    }
    writeFirsts(rows, firsts, outcomes, straight);
    if (!lasts.isEmpty()) {
      upsert(lasts, new HashMap<>(), outcomes);
    }
    return outcomes;
  }

  private static Integer[] bySku(List<ProductRow> rows) {
    Integer[] order = new Integer[rows.size()];
    Arrays.setAll(order, i -> i);
    // Stable: rows with the same sku stay in the order of the file.
    Arrays.sort(order, Comparator.comparing(i -> rows.get(i).sku()));
    return order;
  }

  private void writeFirsts(
      List<ProductRow> rows, List<Integer> firsts, Outcome[] outcomes, StraightCopies straight)
      throws SQLException {
    List<ProductRow> firstRows = firsts.stream().map(rows::get).toList();
    if (straight.worthATry()) {
      if (copiedStraight(firstRows)) {
        firsts.forEach(i -> outcomes[i] = Outcome.CREATED);
        return;
      }
      straight.failed();
    }
    Map<String, Integer> places = HashMap.newHashMap(firsts.size());
    firsts.forEach(i -> places.put(rows.get(i).sku(), i));
    int created = upsert(firstRows, places, outcomes);
    straight.upserted(created == firsts.size());
  }

  /** False, and nothing written, where a product exists already. */
  private boolean copiedStraight(List<ProductRow> rows) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      PostgresCopy.rows(connection, sql.copyIntoTable(), mapping, rows, false);
    } catch (SQLException e) {
      if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(before);
      return false;
    }
    connection.releaseSavepoint(before);
    return true;
  }

  /**
   * Upserts rows of different skus by way of the temporary table, in the order of their skus.
   *
   * @param places where the outcome of each sku is to stand; those that are not there are not told
   * @return how many were created
   */
  private int upsert(List<ProductRow> rows, Map<String, Integer> places, Outcome[] outcomes)
      throws SQLException {
    fillIncoming(rows);
    places.values().forEach(place -> outcomes[place] = Outcome.UNCHANGED);
    int created = 0;
    try (PreparedStatement upsert = connection.prepareStatement(sql.upsert())) {
      bindAttributes(upsert, PostgresProductSql.ATTRIBUTES_IN_UPSERT);
      try (ResultSet written = upsert.executeQuery()) {
        while (written.next()) {
          boolean isNew = written.getBoolean(2);
          created += isNew ? 1 : 0;
          Integer place = places.get(written.getString(1));
          if (place != null) {
            outcomes[place] = isNew ? Outcome.CREATED : Outcome.UPDATED;
          }
        }
      }
    }
    return created;
  }

  /** What an upsert would do to each row alone. */
  Outcome[] compare(List<ProductRow> rows) throws SQLException {
    Outcome[] outcomes = new Outcome[rows.size()];
    Arrays.fill(outcomes, Outcome.UNCHANGED);
    fillIncoming(rows);
    try (PreparedStatement compare = connection.prepareStatement(sql.compare())) {
      bindAttributes(compare, PostgresProductSql.ATTRIBUTES_IN_COMPARE);
      try (ResultSet different = compare.executeQuery()) {
        while (different.next()) {
          outcomes[different.getInt(1)] =
              different.getBoolean(2) ? Outcome.CREATED : Outcome.UPDATED;
        }
      }
    }
    return outcomes;
  }

  private void fillIncoming(List<ProductRow> rows) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          incomingIsUsed ? PostgresProductSql.EMPTY_INCOMING : PostgresProductSql.MAKE_INCOMING);
    }
    incomingIsUsed = true;
    PostgresCopy.rows(connection, sql.copyIntoIncoming(), mapping, rows, true);
  }

  private void bindAttributes(PreparedStatement statement, int times) throws SQLException {
    if (mapping.hasAttributes()) {
      for (int parameter = 1; parameter <= times; parameter++) {
        statement.setObject(parameter, sql.attributeNames());
      }
    }
  }
}
