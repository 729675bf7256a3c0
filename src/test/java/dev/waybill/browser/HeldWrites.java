package dev.waybill.browser;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Holds the database's write lock, so that a running import pauses between two chunks while the
 * test looks at the page, however fast the machine is. The service waits 10 s for the lock; after
 * that its jobs fail.
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
