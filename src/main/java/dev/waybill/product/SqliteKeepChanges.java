package dev.waybill.product;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * While an instance is open, stores the changes of each product that the connection of this
 * instance updates. This class uses a trigger, because a separate query for the old values would
 * take longer. The trigger exists only on this connection, because updates on other connections do
 * not belong to this job.
 */
final class SqliteKeepChanges implements AutoCloseable {

  private static final String DROP = "DROP TRIGGER IF EXISTS temp.keep_changes";

  /**
   * Creates a table with a single number. This is the number of bytes of changes that may still be
   * stored.
   */
  private static final String MAKE_ROOM =
      "CREATE TEMP TABLE IF NOT EXISTS change_room (bytes INTEGER NOT NULL)";

  private static final String EMPTY_ROOM = "DELETE FROM temp.change_room";

  private final Connection connection;
  private final boolean made;

  private SqliteKeepChanges(Connection connection, boolean made) {
    this.connection = connection;
    this.made = made;
  }

  /** Starts storing the changes of rows of this mapping. */
  static SqliteKeepChanges open(Connection connection, HeaderMapping mapping, Writing writing)
      throws SQLException {
    return open(connection, ChangeColumns.touched(mapping), writing);
  }

  /**
   * Starts storing changes.
   *
   * @param touched the columns that may change
   */
  static SqliteKeepChanges open(Connection connection, List<String> touched, Writing writing)
      throws SQLException {
    if (!writing.keeps() || touched.isEmpty()) {
      return new SqliteKeepChanges(connection, false);
    }
    // Drops the trigger first, because a trigger of an earlier transaction may still exist. SQLite
    // has removed such a trigger only if the transaction that created the trigger was rolled back.
    SqliteProductStore.execute(connection, DROP);
    SqliteProductStore.execute(connection, MAKE_ROOM);
    SqliteProductStore.execute(connection, EMPTY_ROOM);
    SqliteProductStore.execute(
        connection, "INSERT INTO temp.change_room VALUES (%d)".formatted(writing.room()));
    SqliteProductStore.execute(connection, make(touched, writing));
    return new SqliteKeepChanges(connection, true);
  }

  /**
   * The trigger counts only the values that may be large. So its count is lower than the size of
   * the changes. So when the trigger stops storing, the stored changes certainly exceed the room.
   */
  private static String make(List<String> touched, Writing writing) {
    return """
    CREATE TEMP TRIGGER keep_changes AFTER UPDATE ON product
    WHEN (SELECT bytes FROM change_room) >= 0
    BEGIN
      INSERT INTO product_change (writer, chunk, kind, sku, prior, changed%s)
      VALUES (%d, %d, 1, old.sku, old.writer, %s%s%s);
      UPDATE change_room SET bytes = bytes - (%s);
    END
    """
        .formatted(
            ChangeColumns.names(touched),
            writing.writer(),
            writing.chunk(),
            ChangeColumns.changedBits(touched, SqliteKeepChanges::differs),
            ChangeColumns.list(touched, column -> "old." + column),
            ChangeColumns.list(
                touched,
                column ->
                    "iif(%s, %s, NULL)"
                        .formatted(differs(column), ChangeColumns.cut(column, "new." + column))),
            largeBytes(touched));
  }

  private static String largeBytes(List<String> touched) {
    String old =
        ChangeColumns.large(touched)
            .map("coalesce(octet_length(old.%s), 0)"::formatted)
            .collect(joining(" + "));
    return !touched.contains(ChangeColumns.ATTRIBUTES)
        ? old.isEmpty() ? "0" : old
        : "%s + iif(%s, octet_length(new.attributes), 0)"
            .formatted(old, differs(ChangeColumns.ATTRIBUTES));
  }

  private static String differs(String column) {
    return "new.%1$s IS NOT old.%1$s".formatted(column);
  }

  @Override
  public void close() throws SQLException {
    if (made) {
      SqliteProductStore.execute(connection, DROP);
    }
  }
}
