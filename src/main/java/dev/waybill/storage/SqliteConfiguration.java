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
 * <p>All that writes, the job queue included, shares one connection. SQLite has one writer anyhow;
 * with two connections the loser would spin on SQLITE_BUSY, without order, and a heartbeat could
 * starve behind chunks. The pool hands its connection to whoever waits longest. Readers have
 * connections of their own: in WAL mode they neither wait for the writer nor stop it.
 */
@Configuration
@ConditionalOnDatabase(Database.SQLITE)
class SqliteConfiguration {

  private static final int READERS = 4;

  /**
   * Pages of 4 KB that the write-ahead log takes: about 128 MB. Then the writer itself moves what
   * {@link CheckpointWal} has left, and waits for it, or the log would grow as long as an import
   * lasts. It takes more where the writer has to leave that to a later commit, because {@link
   * CheckpointWal} is at it, and while a reader stays in an old part of the log.
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
    return DataFolder.lock(properties.dataDir());
  }

  @Bean
  SqliteFailures sqliteFailures() {
    return new SqliteFailures();
  }

  @Bean
  @Primary
  HikariDataSource writer(DataFolder folder, SqliteFailures failures) {
    // The pool would print a stack trace where this says what to do.
    RequireSqlite.readable(file(folder));
    HikariConfig config = sqlite(folder, "writer", 1, failures);
    // BEGIN IMMEDIATE: a transaction that reads first must not find half-way that it cannot write.
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
    return folder.resolve("waybill.db");
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
