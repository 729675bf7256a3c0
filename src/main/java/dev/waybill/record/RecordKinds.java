package dev.waybill.record;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.annotation.PreDestroy;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The kinds of records that the operator has configured. Opens no connections if no kind is
 * configured.
 */
@Component
class RecordKinds implements KnownKinds {

  /**
   * The maximum number of connections to the database of a kind, if this database is not Waybill's
   * own database.
   */
  private static final int CONNECTIONS = 4;

  private final Map<String, RecordKind> kinds = new HashMap<>();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final JsonMapper json;
  private final ObjectProvider<DataSource> reads;
  private final ObjectProvider<DataSource> own;
  private @Nullable HttpClient http;

  RecordKinds(
      RecordProperties properties,
      JsonMapper json,
      @Qualifier("reads") ObjectProvider<DataSource> reads,
      ObjectProvider<DataSource> own) {
    this.json = json;
    this.reads = reads;
    this.own = own;
    properties.records().forEach((name, kind) -> kinds.put(name, kindOf(name, kind)));
  }

  private RecordKind kindOf(String name, RecordProperties.Kind kind) {
    String setting = "waybill.records." + name;
    RecordSource source =
        kind.jdbc() != null
            ? jdbc(name, setting, kind.jdbc())
            : http(setting, Objects.requireNonNull(kind.http()));
    return new RecordKind(source, kind.interval(), kind.doneWhen(setting));
  }

  private RecordSource jdbc(String name, String setting, RecordProperties.Jdbc jdbc) {
    BoundQuery query = BoundQuery.parse(setting + ".jdbc.query", jdbc.query());
    return new JdbcSource(
        jdbc.url() == null ? reads.getIfAvailable(own::getObject) : pool(name, jdbc.url(), jdbc),
        query,
        json);
  }

  private DataSource pool(String name, String url, RecordProperties.Jdbc jdbc) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("records-" + name);
    config.setJdbcUrl(url);
    config.setUsername(jdbc.username());
    config.setPassword(jdbc.password());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(RecordSource.TIMEOUT.toMillis());
    // With this value, the start of Waybill does not fail if the database of a kind does not
    // answer.
    config.setInitializationFailTimeout(-1);
    if (url.startsWith("jdbc:postgresql:")) {
      config.setReadOnly(true);
      config.addDataSourceProperty(
          "socketTimeout", Long.toString(RecordSource.TIMEOUT.toSeconds() + 1));
    }
    HikariDataSource pool = new HikariDataSource(config);
    opened.add(pool);
    return pool;
  }

  private RecordSource http(String setting, RecordProperties.Http settings) {
    HttpClient client = http;
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .connectTimeout(RecordSource.TIMEOUT)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
      http = client;
      opened.add(client::shutdownNow);
    }
    return new HttpSource(
        client, UrlTemplate.parse(setting + ".http.url", settings.url()), settings.headers(), json);
  }

  @Override
  public Optional<RecordKind> find(String kind) {
    return Optional.ofNullable(kinds.get(kind));
  }

  boolean isEmpty() {
    return kinds.isEmpty();
  }

  @PreDestroy
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }
}
