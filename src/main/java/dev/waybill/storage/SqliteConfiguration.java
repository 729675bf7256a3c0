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
 * <p>All writers, including the job queue, share one connection. SQLite allows one writer at a time
 * anyway. With two connections, the one that waits would retry on SQLITE_BUSY in no order, and a
 * heartbeat could starve behind chunks. The pool gives its connection to the thread that has waited
 * longest. Readers have connections of their own: in WAL mode they neither wait for the writer nor
 * block it.
 */
@Configuration
@ConditionalOnDatabase(Database.SQLITE)
class SqliteConfiguration {

  private static final String DATABASE = "waybill.db";

  private static final int READERS = 4;

  /**
   * The size of the write-ahead log in pages of 4 KB, about 128 MB, at which the writer itself does
   * the checkpoint that {@link CheckpointWal} has left, and waits for it. Otherwise the log would
   * grow as long as an import lasts. It grows further while {@link CheckpointWal} is at work, which
   * leaves the checkpoint to a later commit, and while a reader uses an old part of the log.
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
    // The command for keys may run beside the server, which holds the lock.
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
    // Says what to do, where the pool would only print a stack trace.
    RequireSqlite.readable(file(folder));
    HikariConfig config = sqlite(folder, "writer", 1, failures);
    // BEGIN IMMEDIATE: otherwise a transaction that reads first may find later that it cannot
    // write.
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
