package dev.waybill.process;

import dev.waybill.platform.Database;
import dev.waybill.storage.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/**
 * The packaged service on one of the databases. A test can kill it and start it again on the same
 * port with the same data.
 */
final class KillableService implements AutoCloseable {

  private final Database database;
  private final String url;
  private final Path data;
  private final String[] arguments;
  private WaybillProcess process;

  private KillableService(Database database, String url, Path data, String[] arguments) {
    this.database = database;
    this.url = url;
    this.data = data;
    this.arguments = arguments;
    this.process = WaybillProcess.start(data, arguments);
  }

  /** Starts the service with an empty database. */
  static KillableService start(Database database, Path data, String... arguments) {
    String url =
        switch (database) {
          case SQLITE -> "jdbc:sqlite:" + data.resolve("waybill.db");
          case POSTGRES -> PostgresServer.newDatabase();
        };
    List<String> ofDatabase =
        switch (database) {
          case SQLITE -> List.of();
          case POSTGRES ->
              List.of(
                  "--spring.profiles.active=postgres",
                  "--spring.datasource.url=" + url,
                  "--spring.datasource.username=" + PostgresServer.USER,
                  // A job of the killed process is taken over after four missed heartbeats.
                  "--db-scheduler.heartbeat-interval=250ms");
        };
    return new KillableService(
        database,
        url,
        data,
        Stream.concat(ofDatabase.stream(), Stream.of(arguments)).toArray(String[]::new));
  }

  int port() {
    return process.port();
  }

  WaybillClient client() {
    return new WaybillClient(process);
  }

  /** Lets no job commit anything until the returned connection is closed. */
  Connection holdJobs() throws SQLException {
    Connection connection =
        switch (database) {
          case SQLITE -> DriverManager.getConnection(url);
          case POSTGRES -> DriverManager.getConnection(url, PostgresServer.USER, "");
        };
    try (Statement statement = connection.createStatement()) {
      switch (database) {
        case SQLITE -> {
          statement.execute("PRAGMA busy_timeout = 10000");
          statement.execute("BEGIN IMMEDIATE");
        }
        case POSTGRES -> {
          connection.setAutoCommit(false);
          statement.execute("LOCK TABLE job IN EXCLUSIVE MODE");
        }
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** As {@code kill -9}: no shutdown hook runs. */
  void kill() throws InterruptedException {
    process.kill();
  }

  /** Starts the service after a kill. Returns when it accepts requests again. */
  void startAgain() {
    process = WaybillProcess.startAt(process.port(), data, arguments);
  }

  @Override
  public void close() {
    process.close();
  }
}
