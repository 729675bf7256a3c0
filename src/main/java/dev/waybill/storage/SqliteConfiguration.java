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
 * <p>All writers, including the job queue, share one connection. SQLite allows only one writer at a
 * time anyway. With two connections, a waiting one would retry on SQLITE_BUSY in random order, and
 * a heartbeat could wait very long while chunks are written. The pool gives its connection to the
 * thread that has waited longest. Readers have separate connections: in WAL mode they neither wait
 * for the writer nor block it.
 */
@Configuration
@ConditionalOnDatabase(Database.SQLITE)
class SqliteConfiguration {

  private static final String DATABASE = "waybill.db";

  private static final int READERS = 4;

  /**
   * The size of the write-ahead log at which the writer itself does a checkpoint and waits for the
   * disk: in pages of 4 KB, about 128 MB in total. This checkpoint writes what {@link
   * CheckpointWal} has not yet written. Otherwise the log would grow as long as an import runs. It
   * can still grow further in two cases. While {@link CheckpointWal} is writing, a later commit
   * does the checkpoint. While a reader uses an old part of the log, that part cannot be
   * checkpointed.
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
    // The command that manages keys may run while the server has the lock.
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
    // Check first: this says what to do, but the pool would only print a stack trace.
    RequireSqlite.readable(file(folder));
    HikariConfig config = sqlite(folder, "writer", 1, failures);
    // BEGIN IMMEDIATE takes the write lock at the start. Otherwise a transaction that reads first
    // may later find that it cannot write.
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
