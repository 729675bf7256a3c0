package dev.waybill.cluster;

import dev.waybill.access.LimitAtOnce;
import dev.waybill.event.EventId;
import dev.waybill.event.EventPublisher;
import dev.waybill.event.EventPublisher.Published;
import dev.waybill.event.EventType;
import dev.waybill.event.Pod;
import dev.waybill.event.StreamEvent;
import dev.waybill.stream.EmitterRegistry;
import dev.waybill.stream.FakeJobs;
import dev.waybill.stream.RawStream;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;

/**
 * One pod of a cluster without jobs. It can watch and forward, and has a real Tomcat on a free
 * port.
 */
final class TestPod implements AutoCloseable {

  static final String SECRET = "a secret of at least thirty-two characters";

  final int port = TestRedis.freePort();
  final ConfigurableApplicationContext context;
  final EmitterRegistry registry;
  final String id;

  @TestConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
  @ComponentScan(
      basePackages = {
        "dev.waybill.event",
        "dev.waybill.platform",
        "dev.waybill.stream",
        "dev.waybill.cluster",
        "dev.waybill.web"
      },
      excludeFilters = @Filter(TestConfiguration.class))
  @ConfigurationPropertiesScan({
    "dev.waybill.stream",
    "dev.waybill.cluster",
    "dev.waybill.web",
  })
  static class Application {

    @Bean
    Clock clock() {
      return Clock.systemUTC();
    }

    @Bean
    LimitAtOnce limitAtOnce() {
      return LimitAtOnce.NONE;
    }
  }

  /**
   * @param jobs the database, which all pods share
   */
  TestPod(int redisPort, FakeJobs jobs, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--spring.profiles.active=cluster",
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                // Without the clock check, because it needs a database and this pod has none.
                "--management.endpoint.health.group.readiness.include=readinessState",
                "--spring.data.redis.port=" + redisPort,
                // Long, so that a pause of this process does not look like an outage of Redis.
                "--spring.data.redis.timeout=5s",
                "--waybill.cluster.secret=" + SECRET,
                "--waybill.cluster.advertise-url=http://127.0.0.1:" + port,
                // Short, so that no test waits long for the next heartbeat.
                "--waybill.stream.heartbeat=300ms"));
    for (String argument : arguments) {
      // An option that is given twice would get both values.
      String name = argument.substring(0, argument.indexOf('=') + 1);
      all.removeIf(other -> other.startsWith(name));
      all.add(argument);
    }
    SpringApplication application =
        new SpringApplicationBuilder(Application.class)
            .registerShutdownHook(false)
            .initializers(context -> context.getBeanFactory().registerSingleton("jobs", jobs))
            .build();
    context = application.run(all.toArray(String[]::new));
    registry = context.getBean(EmitterRegistry.class);
    id = context.getBean(Pod.class).id();
  }

  Watcher watch(String streamId, String... headers) throws IOException {
    return new Watcher(
        RawStream.open(port, "GET", "/api/jobs/" + streamId + "/events", 0, headers));
  }

  /** Requests a stream and returns the status of the answer. */
  int statusOf(String streamId) throws IOException {
    try (RawStream answer = RawStream.open(port, "GET", "/api/jobs/" + streamId + "/events", 0)) {
      return answer.status;
    }
  }

  Published publish(String streamId, String id, EventType type, String data, long position) {
    return publish(
        new StreamEvent(streamId, EventId.parse(id).orElseThrow(), type, data, position));
  }

  Published publish(StreamEvent event) {
    return context.getBean(EventPublisher.class).publish(event);
  }

  double count(String counter) {
    return context.getBean(MeterRegistry.class).get(counter).counter().count();
  }

  double breaker() {
    return context.getBean(MeterRegistry.class).get("waybill.redis.breaker").gauge().value();
  }

  @Override
  public void close() {
    context.close();
  }
}
