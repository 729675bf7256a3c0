package dev.waybill.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class StorageHealthIndicatorTest {

  @TempDir private Path parent;
  private final AtomicLong nanoTime = new AtomicLong();
  private Path path;
  private DataFolder folder;
  private DriverManagerDataSource database;
  private final SqliteFailures failures = new SqliteFailures();
  private StorageHealthIndicator indicator;

  @BeforeEach
  void open() {
    path = parent.resolve("data");
    folder = DataFolder.lock(path);
    database =
        new DriverManagerDataSource(
            "jdbc:sqlite:" + path.resolve("waybill.db") + "?busy_timeout=1");
    JdbcClient client = JdbcClient.create(database);
    client.sql("CREATE TABLE product (sku TEXT)").update();
    indicator = new StorageHealthIndicator(database, client, failures, folder, nanoTime::get);
  }

  @AfterEach
  void close() {
    folder.close();
  }

  @Test
  void aFolderThatTakesBytesAndADatabaseThatAnswersAreReady() throws IOException {
    indicator.check();

    assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
    try (var files = Files.list(path)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("waybill.lock", "waybill.db");
    }
  }

  @Test
  void aFolderThatTakesNothingIsNotReadyUntilItDoesAgain() throws IOException {
    Path elsewhere = parent.resolve("elsewhere");
    Files.move(path, elsewhere);
    indicator.check();

    assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(indicator.health().getDetails().get("reason").toString()).contains("data folder");

    Files.move(elsewhere, path);
    indicator.check();
    assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void aDatabaseThatIsDamagedIsNotReady() throws IOException {
    Files.writeString(path.resolve("waybill.db"), "this was a database once");
    indicator.check();

    assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(indicator.health().getDetails().get("reason").toString()).contains("database");
  }

  @Test
  void aDatabaseThatHasProvedDamagedIsNotReadyThoughItAnswers() {
    failures.adjudicate(new SQLException("database is locked", null, 5));
    indicator.check();
    assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);

    failures.adjudicate(
        new BatchUpdateException(
            new int[0], new SQLException("database disk image is malformed", null, 11)));
    indicator.check();

    assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(indicator.health().getDetails().get("reason").toString()).contains("damaged");
  }

  @Test
  void aDatabaseThatAnotherProcessLocksIsNotReadyUntilItLetsGo() throws SQLException {
    try (Connection other = database.getConnection();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      indicator.check();

      assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
      assertThat(indicator.health().getDetails().get("reason").toString()).contains("written");
    }
    indicator.check();
    assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void aLookThatDoesNotComeBackIsNotReady() {
    indicator.check();
    nanoTime.addAndGet(StorageHealthIndicator.STALE.toNanos() + 1);

    assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
    indicator.check();
    assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
  }
}
