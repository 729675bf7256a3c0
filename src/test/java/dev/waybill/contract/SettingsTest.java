package dev.waybill.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.platform.Database;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.ResolvableType;

/**
 * Checks the default of each setting, and that the service does not start with a value out of
 * range.
 */
class SettingsTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withInitializer(new ConfigDataApplicationContextInitializer())
          .withUserConfiguration(Settings.class);

  @TestConfiguration
  @ConfigurationPropertiesScan("dev.waybill")
  static class Settings {}

  @ParameterizedTest
  @CsvSource({
    "data-dir, ./data",
    "upload.max-size, 1GB",
    "upload.max-queued-jobs, 100",
    "upload.max-queued-jobs-per-caller, 50",
    "upload.max-stored, 40GB",
    "upload.max-stored-per-caller, 10GB",
    "upload.max-inflate-ratio, 200",
    "upload.min-rate, 1KB",
    "upload.max-time, 4h",
    "import.threads, 1",
    "import.chunk-rows, 10000",
    "import.chunk-size, 4MB",
    "import.chunk-time, 250ms",
    "jobs.retention, 30d",
    "jobs.storage-patience, 15m",
    "idempotency.retention, 24h",
    "access.hosts, ''",
    "cors.allowed-origins, ''",
    "record.max-size, 1MB",
    "record.max-lines, 5000",
    "record.max-columns, 1000",
    "stream.transport, emitter",
    "stream.heartbeat, 15s",
    "stream.outbox-size, 256KB",
    "stream.max-stall, 10s",
    "events.log-size, 512",
    "events.retention, 10m",
    "access.open, false",
    "access.job-links, false",
    "streams.retained-events, 1000",
    "streams.retention, 24h",
    "streams.max-event-size, 64KB",
    "streams.max-watchers, 10000",
    "streams.max-streams, 100000",
    "streams.message-id-retention, 24h",
    "kafka.group, waybill",
    "external-jobs.max-open, 10000",
    "external-jobs.max-open-per-caller, 2500"
  })
  @Shows({
    "setting.data-dir",
    "setting.upload.max-size",
    "setting.upload.max-queued-jobs",
    "setting.upload.max-queued-jobs-per-caller",
    "setting.upload.max-stored",
    "setting.upload.max-stored-per-caller",
    "setting.upload.max-inflate-ratio",
    "setting.upload.min-rate",
    "setting.upload.max-time",
    "setting.import.threads",
    "setting.import.chunk-rows",
    "setting.import.chunk-size",
    "setting.import.chunk-time",
    "setting.jobs.retention",
    "setting.jobs.storage-patience",
    "setting.idempotency.retention",
    "setting.access.hosts",
    "setting.access.open",
    "setting.access.job-links",
    "setting.cors.allowed-origins",
    "setting.record.max-size",
    "setting.record.max-lines",
    "setting.record.max-columns",
    "setting.stream.transport",
    "setting.stream.heartbeat",
    "setting.stream.outbox-size",
    "setting.stream.max-stall",
    "setting.events.log-size",
    "setting.events.retention",
    "setting.streams",
    "setting.kafka",
    "setting.external-jobs"
  })
  void hasItsDefault(String name, String value) {
    runner.run(
        context -> assertThat(value(context, name)).isEqualTo(converted(context, name, value)));
  }

  @ParameterizedTest
  @CsvSource({
    "upload.max-size, 0B",
    "upload.max-size, 2048GB",
    "upload.max-queued-jobs, 0",
    "upload.max-queued-jobs-per-caller, 0",
    "upload.max-open, 0",
    "upload.max-open-per-caller, 0",
    "upload.max-stored, 0B",
    "upload.max-stored-per-caller, 0B",
    "upload.max-inflate-ratio, 0",
    "upload.max-time, 13h",
    "import.threads, 0",
    "import.chunk-rows, 0",
    "import.chunk-size, 0B",
    "import.chunk-time, 0ms",
    "jobs.retention, 0s",
    "idempotency.retention, 0s",
    "access.hosts, https://shop.example",
    "access.bootstrap-key, short",
    "access.jwt.secret, short",
    "access.hosts, shop.example:8080",
    "cors.allowed-origins, shop.example",
    "record.max-size, 0B",
    "record.max-lines, 0",
    "record.max-columns, 0",
    "stream.max-emitters, 0",
    "stream.heartbeat, 1ms",
    "stream.outbox-size, 1B",
    "stream.max-stall, 1ms",
    "stream.max-per-address, 0",
    "events.log-size, 0",
    "events.retention, 0s",
    "streams.retained-events, 0",
    "streams.max-event-size, 65KB",
    "streams.rules[0].prefix, ''",
    "streams.message-id-retention, 0s",
    "import.chunk-rows, many"
  })
  @Shows("setting.validated")
  void aValueOutOfRangeStopsTheStart(String name, String value) {
    runner
        .withPropertyValues("waybill." + name + "=" + value)
        .run(context -> assertThat(context).hasFailed());
  }

  @Test
  @Shows({"setting.import.threads", "setting.events.retention", "setting.server.address"})
  void someDefaultsAreOthersInAClusterOrWithPostgres() {
    runner.run(
        context ->
            assertThat(context.getEnvironment().getProperty("server.address"))
                .isEqualTo("127.0.0.1"));
    runner
        .withPropertyValues("spring.profiles.active=postgres")
        .run(
            context -> {
              assertThat(value(context, "import.threads")).isEqualTo(2);
              assertThat(context.getEnvironment().getProperty("server.address"))
                  .isEqualTo("127.0.0.1");
            });
    runner
        .withPropertyValues(
            "spring.profiles.active=cluster",
            "waybill.cluster.secret=" + "s".repeat(32),
            "waybill.cluster.advertise-url=http://10.0.0.7:8080")
        .run(
            context -> {
              assertThat(value(context, "import.threads")).isEqualTo(2);
              assertThat(value(context, "events.retention")).isEqualTo(Duration.ofHours(24));
              assertThat(context.getEnvironment().getProperty("server.address"))
                  .isEqualTo("0.0.0.0");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "waybill.cluster.secret, waybill.cluster.advertise-url=http://10.0.0.7:8080",
    "waybill.cluster.advertise-url, waybill.cluster.secret=0123456789abcdef0123456789abcdef"
  })
  @Shows({"setting.cluster.secret", "setting.cluster.advertise-url"})
  void aClusterDoesNotStartWithoutItsSettings(String missing, String other) {
    runner
        .withPropertyValues("spring.profiles.active=cluster", other)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining(missing + " is missing"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "waybill.database=postgres",
        "spring.profiles.active=postgres",
        "spring.profiles.active=cluster"
      })
  @Shows("setting.database")
  void theDatabaseBringsItsOwnSettingsAlong(String setting) {
    runner
        .withPropertyValues(
            setting,
            "waybill.cluster.secret=" + "s".repeat(32),
            "waybill.cluster.advertise-url=http://10.0.0.7:8080")
        .run(
            context -> {
              assertThat(value(context, "database")).isEqualTo(Database.POSTGRES);
              assertThat(value(context, "import.threads")).isEqualTo(2);
              assertThat(context.getEnvironment().getProperty("spring.flyway.locations"))
                  .isEqualTo("classpath:db/migration/postgres");
              assertThat(context.getEnvironment().getProperty("db-scheduler.polling-strategy"))
                  .isEqualTo("lock-and-fetch");
            });
  }

  @Test
  @Shows("setting.database")
  void sqliteIsTheDefaultDatabase() {
    runner.run(
        context -> {
          assertThat(value(context, "database")).isEqualTo(Database.SQLITE);
          assertThat(context.getEnvironment().getProperty("spring.flyway.locations"))
              .isEqualTo("classpath:db/migration/sqlite");
        });
  }

  private static Object value(ApplicationContext context, String name) throws Exception {
    Object settings = settings(context, name);
    RecordComponent component = component(settings, name);
    component.getAccessor().setAccessible(true);
    return component.getAccessor().invoke(settings);
  }

  private static Object converted(ApplicationContext context, String name, String value) {
    RecordComponent component = component(settings(context, name), name);
    return new Binder(new MapConfigurationPropertySource(Map.of("it", value)))
        .bind("it", Bindable.of(ResolvableType.forType(component.getGenericType())))
        .get();
  }

  /** The settings record that has the prefix of this name. */
  private static Object settings(ApplicationContext context, String name) {
    int dot = name.indexOf('.');
    String prefix = dot < 0 ? "waybill" : "waybill." + name.substring(0, dot);
    return context.getBeansWithAnnotation(ConfigurationProperties.class).values().stream()
        // Two records may have the same prefix.
        .filter(bean -> prefix.equals(prefix(bean)) && find(bean, name).isPresent())
        .findFirst()
        .orElseThrow();
  }

  private static String prefix(Object bean) {
    return bean.getClass().getAnnotation(ConfigurationProperties.class).value();
  }

  private static RecordComponent component(Object settings, String name) {
    return find(settings, name).orElseThrow();
  }

  private static Optional<RecordComponent> find(Object settings, String name) {
    String plain = name.substring(name.indexOf('.') + 1).replace("-", "");
    return Arrays.stream(settings.getClass().getRecordComponents())
        .filter(component -> component.getName().equalsIgnoreCase(plain))
        .findFirst();
  }
}
