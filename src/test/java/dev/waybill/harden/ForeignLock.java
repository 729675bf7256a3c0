package dev.waybill.harden;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The write lock on the service's database, held by this process until closed. */
final class ForeignLock implements AutoCloseable {

  private static final int SQLITE_BUSY = 5;

  private final Connection connection;

  private ForeignLock(Connection connection) {
    this.connection = connection;
  }

  /** Takes the lock in the next gap between two transactions of the service. Blocks. */
  static ForeignLock take(Path dataDir) throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            "jdbc:sqlite:" + dataDir.resolve("waybill.db") + "?busy_timeout=0");
    try (Statement statement = connection.createStatement()) {
      // The gaps are short: a thread that sleeps between two tries seldom finds one.
      while (!isTaken(statement)) {
        Thread.onSpinWait();
      }
    }
    return new ForeignLock(connection);
  }

  private static boolean isTaken(Statement statement) throws SQLException {
    try {
      statement.execute("BEGIN IMMEDIATE");
      return true;
    } catch (SQLException e) {
      if ((e.getErrorCode() & 0xFF) != SQLITE_BUSY) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public void close() throws SQLException {
    try (connection;
        Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    }
  }
}
