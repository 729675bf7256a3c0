package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Makes the trigger on the table of products store the changes of this transaction. Settings of the
 * transaction control which changes the trigger stores. A rollback to a savepoint also restores
 * these settings.
 */
final class PostgresKeepChanges {

  /**
   * SQL for the number of bytes of changes that may still be stored; null if {@link #start} was not
   * called.
   */
  static final String ROOM_LEFT = "nullif(current_setting('waybill.room', true), '')::bigint";

  private static final String START =
      """
      SELECT set_config('waybill.touched', ?, true), set_config('waybill.chunk', ?, true),
        set_config('waybill.room', ?, true)
      """;

  private static final String PAUSE = "SELECT set_config('waybill.touched', '', true)";

  private static final String LEAVE_OUT = "SELECT set_config('waybill.room', '-1', true)";

  /** The estimated size of a change without its large values, in bytes. */
  static final int SMALL_BYTES = 100;

  /**
   * The stored size, in bytes, up to which attributes certainly have at most about 25 KB before
   * compression.
   */
  private static final int SMALL_ATTRIBUTES = 200;

  private PostgresKeepChanges() {}

  /** Starts storing changes, until the end of the transaction. */
  static void start(Connection connection, int touched, Writing writing) throws SQLException {
    if (writing.keeps()) {
      try (PreparedStatement start = connection.prepareStatement(START)) {
        start.setString(1, Integer.toString(touched));
        start.setString(2, Long.toString(writing.chunk()));
        start.setString(3, Long.toString(writing.room()));
        start.executeQuery().close();
      }
    }
  }

  /**
   * Makes the trigger store no changes of the following statements, because their changes are
   * already stored.
   */
  static void pause(Connection connection) throws SQLException {
    query(connection, PAUSE);
  }

  /** Records that changes were left out because they need too much room. */
  static void leaveOut(Connection connection) throws SQLException {
    query(connection, LEAVE_OUT);
  }

  /**
   * The indexes of the compared rows that would update a product and whose changes fit into the
   * room. At the first change that does not fit, this method stops: it leaves out this change and
   * all later changes, and records that changes were left out.
   *
   * @param bytes an estimate of the size of the change of each row
   */
  static Integer[] fitting(Connection connection, Outcome[] outcomes, long[] bytes, long room)
      throws SQLException {
    List<Integer> fitting = new ArrayList<>();
    long left = room;
    for (int place = 0; place < outcomes.length; place++) {
      if (outcomes[place] == Outcome.UPDATED) {
        left -= bytes[place];
        if (left < 0) {
          leaveOut(connection);
          break;
        }
        fitting.add(place);
      }
    }
    return fitting.toArray(Integer[]::new);
  }

  /**
   * SQL for an estimate of the size of the change that an incoming row makes, in bytes. The
   * estimate is usually too large.
   *
   * @param columns the columns that the row may change
   */
  static String bytes(List<String> columns, String stored, String incoming) {
    return sum(
        SMALL_BYTES,
        columns,
        column ->
            column.equals(ChangeColumns.ATTRIBUTES)
                ? "2 * %s + %s".formatted(attributesSize(stored), attributesSize(incoming))
                : size(stored, column));
  }

  /** SQL for the size of the large values of a product, in bytes. */
  static String storedBytes(List<String> columns) {
    String table = PostgresProductSql.TABLE;
    return sum(
        0,
        columns,
        column ->
            column.equals(ChangeColumns.ATTRIBUTES) ? attributesSize(table) : size(table, column));
  }

  private static String sum(int constant, List<String> columns, UnaryOperator<String> size) {
    return Stream.concat(
            Stream.of(Integer.toString(constant)), ChangeColumns.large(columns).map(size))
        .collect(joining(" + "));
  }

  /**
   * SQL for the size that attributes have in a change. A change contains merged attributes, and
   * merged attributes are not compressed. The stored size is the size after compression, so the
   * stored size is only used if it is small.
   */
  private static String attributesSize(String table) {
    return "CASE WHEN %1$s > %2$d THEN octet_length(%3$s.attributes::text) ELSE %1$s END"
        .formatted(size(table, ChangeColumns.ATTRIBUTES), SMALL_ATTRIBUTES, table);
  }

  private static String size(String table, String column) {
    return "coalesce(pg_column_size(%s.%s), 0)".formatted(table, column);
  }

  private static void query(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet _ = statement.executeQuery()) {
      // The statement is executed for its side effect, so this code ignores the result.
    }
  }
}
