package dev.waybill.browser;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Holds the write lock of the database, so that a running import pauses between two chunks while
 * the test looks at the page. This works on a fast machine, too. After 10 s without the lock, jobs
 * of the service fail.
 */
final class HeldWrites implements AutoCloseable {

  private final Connection connection;

  HeldWrites(Path dataDir) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + dataDir.resolve("waybill.db"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("BEGIN IMMEDIATE");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
