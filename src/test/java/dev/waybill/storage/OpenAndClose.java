package dev.waybill.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Six threads open connections to three databases, write, and close them again, while two of the
 * databases are read. Runs in a separate process, because the failure that it looks for stops all
 * of SQLite in its process.
 */
final class OpenAndClose {

  private static final int DATABASES = 3;
  private static final int THREADS = 6;
  private static final int TIMES = 10_000;

  private OpenAndClose() {}

  public static void main(String[] arguments) throws Exception {
    List<SQLiteDataSource> databases =
        IntStream.range(0, DATABASES)
            .mapToObj(number -> database(Path.of(arguments[0], number + ".db")))
            .toList();
    for (SQLiteDataSource database : databases) {
      execute(database, "CREATE TABLE event (number INTEGER)");
    }
    databases.stream().skip(1).forEach(OpenAndClose::readForEver);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        SQLiteDataSource database = databases.get(i % DATABASES);
        all.add(threads.submit(() -> write(database)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    System.out.println("done");
  }

  private static SQLiteDataSource database(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setBusyTimeout(60_000);
    config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
    SQLiteDataSource database = new SQLiteDataSource(config);
    database.setUrl("jdbc:sqlite:" + file);
    return database;
  }

  private static Void write(SQLiteDataSource database) throws SQLException {
    for (int i = 0; i < TIMES; i++) {
      execute(database, "INSERT INTO event VALUES (1)");
    }
    return null;
  }

  private static void readForEver(SQLiteDataSource database) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (Connection connection = database.getConnection();
                  Statement statement = connection.createStatement()) {
                while (true) {
                  statement.executeQuery("SELECT MAX(rowid) FROM event").close();
                }
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private static void execute(SQLiteDataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
