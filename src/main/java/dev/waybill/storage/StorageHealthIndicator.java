package dev.waybill.storage;

import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Reports whether Waybill on a single machine can still store data. The data folder must be
 * writable. The database must answer, must be writable, and must not have reported damage. The
 * check runs in the background, so a health request never waits for a disk. If a check hangs, the
 * storage is reported as down.
 */
@Slf4j
@Component
@ConditionalOnDatabase(Database.SQLITE)
class StorageHealthIndicator implements HealthIndicator {

  /**
   * The maximum age of the result of the last check. This age is longer than the interval between
   * two checks plus the timeout of a busy database.
   */
  static final Duration STALE = Duration.ofSeconds(20);

  /**
   * The number of bytes that the check writes, which is about the size of a small chunk of an
   * import. If the disk has less free space, the check reports the disk as full.
   */
  private static final int PROBE_BYTES = 256 * 1024;

  private final DataSource writer;
  private final JdbcClient reads;
  private final SqliteFailures failures;
  private final DataFolder folder;
  private final LongSupplier nanoTime;
  private volatile Result last;

  private record Result(long atNanos, @Nullable String trouble) {}

  @Autowired
  StorageHealthIndicator(
      @Qualifier("writer") DataSource writer,
      @Qualifier("reads") JdbcClient reads,
      SqliteFailures failures,
      DataFolder folder) {
    this(writer, reads, failures, folder, System::nanoTime);
  }

  StorageHealthIndicator(
      DataSource writer,
      JdbcClient reads,
      SqliteFailures failures,
      DataFolder folder,
      LongSupplier nanoTime) {
    this.writer = writer;
    this.reads = reads;
    this.failures = failures;
    this.folder = folder;
    this.nanoTime = nanoTime;
    this.last = new Result(nanoTime.getAsLong(), null);
  }

  @Override
  public Health health() {
    Result result = last;
    if (nanoTime.getAsLong() - result.atNanos() > STALE.toNanos()) {
      return down("the storage does not answer");
    }
    return result.trouble() == null ? Health.up().build() : down(result.trouble());
  }

  private static Health down(String reason) {
    return Health.down().withDetail("reason", reason).build();
  }

  @Scheduled(fixedDelay = 3, timeUnit = TimeUnit.SECONDS)
  final void check() {
    String trouble = trouble();
    String before = last.trouble();
    last = new Result(nanoTime.getAsLong(), trouble);
    if (trouble != null && before == null) {
      log.error("Not ready: {}", trouble);
    } else if (trouble == null && before != null) {
      log.info("The storage can be used again");
    }
  }

  private @Nullable String trouble() {
    try {
      tryToWrite();
    } catch (IOException e) {
      log.debug("Cannot write into the data folder", e);
      return "the data folder cannot be written, or is full";
    }
    try {
      reads.sql("SELECT count(*) FROM sqlite_schema").query(Integer.class).single();
    } catch (DataAccessException e) {
      log.debug("Cannot read the database", e);
      return "the database cannot be read";
    }
    try {
      tryToLock();
    } catch (SQLException e) {
      log.debug("Cannot lock the database", e);
      return "the database cannot be written";
    }
    return failures.hasReportedDamage() ? "the database is damaged; see the log" : null;
  }

  /**
   * Starts a transaction in the same way as every write does. This method uses the same connection
   * as imports, so it waits until the current chunk of an import is written. A separate connection
   * would seldom get the write lock between two chunks. Then the check would fail although the
   * storage works.
   */
  private void tryToLock() throws SQLException {
    try (Connection connection = writer.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("ROLLBACK");
    }
  }

  private void tryToWrite() throws IOException {
    Path probe = folder.resolve("waybill.probe");
    try {
      Files.write(probe, new byte[PROBE_BYTES]);
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
