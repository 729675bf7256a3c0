package dev.waybill.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.waybill.platform.ConditionalOnDatabase;
import dev.waybill.platform.Database;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/**
 * The database that several pods share: PostgreSQL at {@code spring.datasource.url}, with {@code
 * username} and {@code password}. Reads and writes share one connection pool, because in PostgreSQL
 * readers and writers do not wait for each other.
 */
@Configuration
@ConditionalOnDatabase(Database.POSTGRES)
@EnableConfigurationProperties(DataSourceProperties.class)
class PostgresConfiguration {

  /**
   * The number of connections in addition to the connections for imports. The job queue, the
   * reporter and requests each need a connection for a short time.
   */
  private static final int CONNECTIONS_BESIDE_IMPORTS = 10;

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private static final int CONNECTION_TIMEOUT_MILLIS = 10_000;

  /**
   * The settings of each session on the PostgreSQL server. No statement waits for a lock forever.
   * If a pod freezes or loses its connection during a transaction, its locks stay until the server
   * ends the session. So the server checks idle transactions and broken connections after a few
   * seconds. A session that is sending COPY data never counts as idle for the server. The next
   * attempt at the job ends such a session. The just-in-time compiler is off, because compiling a
   * statement would take longer than running it.
   */
  private static final String SESSION_OPTIONS =
      "-c lock_timeout=15s -c idle_in_transaction_session_timeout=10s -c tcp_keepalives_idle=5"
          + " -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c jit=off";

  @Bean
  DataFolder dataFolder(StorageProperties properties) {
    return DataFolder.share(properties.dataDir());
  }

  @Bean
  HikariDataSource dataSource(
      DataSourceProperties server,
      @Value("${waybill.import.threads}") int importThreads,
      Environment environment) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("postgres");
    config.setJdbcUrl(server.getUrl());
    config.setUsername(server.getUsername());
    config.setPassword(server.getPassword());
    config.setMaximumPoolSize(importThreads + CONNECTIONS_BESIDE_IMPORTS);
    config.setMinimumIdle(importThreads + 1);
    config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
    config.addDataSourceProperty("ApplicationName", "waybill");
    config.addDataSourceProperty("options", SESSION_OPTIONS);
    // The value is in seconds. This timeout is longer than lock_timeout, so that a wait for a lock
    // fails with the error for lock timeouts.
    config.addDataSourceProperty("socketTimeout", "30");
    config.addDataSourceProperty("connectTimeout", "5");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    Binder.get(environment).bind("spring.datasource.hikari", Bindable.ofInstance(config));
    // Checks the server before the connection pool is created, because this check reports which
    // setting or server is missing. The pool would only print a stack trace.
    RequirePostgres.reachable(config);
    return new HikariDataSource(config);
  }

  /**
   * Translates lock timeouts into an exception of Spring. Spring does not know the SQL state of
   * lock timeouts, and would report lock timeouts as uncategorized failures.
   */
  @Bean
  SQLExceptionTranslator exceptionTranslator() {
    SQLStateSQLExceptionTranslator bySqlState = new SQLStateSQLExceptionTranslator();
    return (task, sql, e) ->
        LOCK_NOT_AVAILABLE.equals(e.getSQLState())
            ? new CannotAcquireLockException(task, e)
            : bySqlState.translate(task, sql, e);
  }

  @Bean
  @Primary
  JdbcClient writes(JdbcTemplate template) {
    return JdbcClient.create(template);
  }

  @Bean
  @Qualifier("reads")
  JdbcClient reads(JdbcTemplate template) {
    return JdbcClient.create(template);
  }
}
