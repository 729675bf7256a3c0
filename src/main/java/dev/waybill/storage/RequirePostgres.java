package dev.waybill.storage;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Aborts the start if no suitable PostgreSQL server is available. The message says how to configure
 * a server.
 */
final class RequirePostgres {

  private static final int OLDEST_VERSION = 15;
  private static final String PREFIX = "jdbc:postgresql:";

  private static final String HOW_TO_GIVE =
      "Give its address and a login: --spring.datasource.url=jdbc:postgresql://HOST:5432/DATABASE"
          + " --spring.datasource.username=… --spring.datasource.password=…, or"
          + " SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD in"
          + " the environment.";

  private RequirePostgres() {}

  /**
   * Connects one time to check the server.
   *
   * @throws StorageUnusableException if no PostgreSQL is configured, if the server refuses the
   *     connection, or if its version is older than 15
   */
  static void reachable(HikariConfig config) {
    String url = config.getJdbcUrl();
    if (url == null || url.isBlank()) {
      throw new StorageUnusableException(
          "Several pods share a PostgreSQL, and none is named.", HOW_TO_GIVE, null);
    }
    if (!url.startsWith(PREFIX)) {
      throw new StorageUnusableException(
          "spring.datasource.url must begin with %s.".formatted(PREFIX), HOW_TO_GIVE, null);
    }
    try (Connection connection = DriverManager.getConnection(url, properties(config))) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST_VERSION) {
        throw new StorageUnusableException(
            "The PostgreSQL at %s is version %d.".formatted(address(url), version),
            "Use version %d or newer.".formatted(OLDEST_VERSION),
            null);
      }
    } catch (SQLException e) {
      throw new StorageUnusableException(
          "The PostgreSQL at %s cannot be used: %s".formatted(address(url), e.getMessage()),
          "Check that it runs and accepts connections from this pod.  " + HOW_TO_GIVE,
          e);
    }
  }

  private static Properties properties(HikariConfig config) {
    Properties properties = new Properties();
    properties.putAll(config.getDataSourceProperties());
    putIfGiven(properties, "user", config.getUsername());
    putIfGiven(properties, "password", config.getPassword());
    return properties;
  }

  private static void putIfGiven(Properties properties, String name, @Nullable String value) {
    if (value != null) {
      properties.setProperty(name, value);
    }
  }

  /**
   * The part of the URL before the question mark. The rest of the URL is left out, because it may
   * contain a password.
   */
  private static String address(String url) {
    return url.substring(PREFIX.length()).replaceFirst("[?].*", "");
  }
}
