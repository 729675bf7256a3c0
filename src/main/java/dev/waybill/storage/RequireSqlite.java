package dev.waybill.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Refuses to start on a file that is no database, and says what can be done. */
final class RequireSqlite {

  private RequireSqlite() {}

  /**
   * Opens the database once, which creates it where it is missing, and reads what tables it has. A
   * look at all its pages would keep a large shop waiting at every start.
   *
   * @throws StorageUnusableException if it cannot be read
   */
  static void readable(Path file) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet _ = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
    } catch (SQLException e) {
      throw new StorageUnusableException(
          "The database %s cannot be read: %s".formatted(file, e.getMessage()),
          "See that the disk has room and works. If the file is damaged, put a backup in its place,"
              + " without the files that end in -wal and -shm; or move all of them away to begin"
              + " with an empty database.",
          e);
    }
  }
}
