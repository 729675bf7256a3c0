package dev.waybill.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The embedded database of a single machine: one SQLite file in the data folder.
 *
 * <p>All writers, including the job queue, share one connection, because SQLite allows only one
 * writer at a time. With two connections, the waiting connection would retry on SQLITE_BUSY without
 * any order, and a heartbeat could wait very long while chunks are written. The pool with a single
 * connection gives this connection to the thread that has waited longest. Readers have separate
 * connections. In WAL mode, readers do not wait for the writer, and the writer does not wait for
 * readers.
 */
@Configuration
@ConditionalOnDatabase(Database.SQLITE)
class SqliteConfiguration {

  private static final String DATABASE = "waybill.db";

  private static final int READERS = 4;

  /**
   * The size of the write-ahead log, in pages of 4 KB, at which the writer itself does a checkpoint
   * and waits for the disk. The size is about 128 MB in total. The writer's checkpoint writes the
   * pages that {@link CheckpointWal} has not yet written. Without the writer's checkpoint, the log
   * would grow during the whole import. The log can still exceed this size in two cases. While
   * {@link CheckpointWal} is writing, the writer's checkpoint is postponed to a later commit. While
   * a reader uses an old part of the log, this part cannot be checkpointed.
   */
  static final int MOST_PAGES_OF_LOG = 32_768;

  @Bean
  DataFolder dataFolder(StorageProperties properties, Environment environment) {
    if (environment.acceptsProfiles(Profiles.of("cluster"))) {
      throw new StorageUnusableException(
          "The pods of a cluster cannot share SQLite.",
          "Leave waybill.database out, or set it to postgres.",
          null);
    }
    // The command {@code key} does not take the lock, because the command must also work while the
    // server has the lock.
    return environment.acceptsProfiles(Profiles.of("key-command"))
        ? DataFolder.share(properties.dataDir())
        : DataFolder.lock(properties.dataDir());
  }

  @Bean
  SqliteFailures sqliteFailures() {
    return new SqliteFailures();
  }

  @Bean
  @Primary
  HikariDataSource writer(DataFolder folder, SqliteFailures failures) {
    folder.createPrivate(DATABASE, DATABASE + "-wal", DATABASE + "-shm");
    // Checks the file before the connection pool is created, because this check reports what the
    // operator can do. The pool would only print a stack trace.
    RequireSqlite.readable(file(folder));
    HikariConfig config = sqlite(folder, "writer", 1, failures);
    // BEGIN IMMEDIATE takes the write lock at the start of a transaction. With a plain BEGIN, a
    // transaction that reads before it writes can fail at the first write.
    config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
    config.addDataSourceProperty("synchronous", "NORMAL");
    config.addDataSourceProperty("cache_size", "-32768");
    config.setConnectionInitSql("PRAGMA wal_autocheckpoint = " + MOST_PAGES_OF_LOG);
    return new HikariDataSource(config);
  }

  @Bean
  @Qualifier("reads")
  HikariDataSource reader(
      DataFolder folder,
      SqliteFailures failures,
      @Qualifier("writer") HikariDataSource createsTheFile) {
    HikariConfig config = sqlite(folder, "reader", READERS, failures);
    config.setMinimumIdle(1);
    config.addDataSourceProperty("query_only", "true");
    return new HikariDataSource(config);
  }

  @Bean
  @Primary
  JdbcClient writes(@Qualifier("writer") HikariDataSource writer) {
    return JdbcClient.create(writer);
  }

  @Bean
  @Qualifier("reads")
  JdbcClient reads(@Qualifier("reader") HikariDataSource reader) {
    return JdbcClient.create(reader);
  }

  private static Path file(DataFolder folder) {
    return folder.resolve(DATABASE);
  }

  private static HikariConfig sqlite(
      DataFolder folder, String name, int connections, SqliteFailures failures) {
    HikariConfig config = new HikariConfig();
    config.setExceptionOverride(failures);
    config.setPoolName(name);
    config.setJdbcUrl("jdbc:sqlite:" + file(folder));
    config.setMaximumPoolSize(connections);
    config.setMaxLifetime(0);
    config.addDataSourceProperty("journal_mode", "WAL");
    config.addDataSourceProperty("busy_timeout", "10000");
    return config;
  }
}
