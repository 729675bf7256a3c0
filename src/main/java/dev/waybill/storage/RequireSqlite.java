package dev.waybill.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Aborts the start if the database file is not an SQLite database. The message says what the
 * operator can do.
 */
final class RequireSqlite {

  private RequireSqlite() {}

  /**
   * Opens the database one time and reads the list of its tables. Creates the file if it does not
   * exist. Does not check all pages of the file, because for a large shop such a check would take
   * too long at every start.
   *
   * @throws StorageUnusableException if the database cannot be read
   */
  static void readable(Path file) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet _ = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
    } catch (SQLException e) {
      throw new StorageUnusableException(
          "The database %s cannot be read: %s".formatted(file, e.getMessage()),
          "Check that the disk works and has room. If the file is damaged, put a backup in its"
              + " place, without the files that end in -wal and -shm; or move all of them away to"
              + " start with an empty database.",
          e);
    }
  }
}
