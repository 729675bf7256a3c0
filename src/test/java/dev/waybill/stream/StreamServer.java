package dev.waybill.stream;

import dev.waybill.access.LimitAtOnce;
import dev.waybill.event.EventId;
import dev.waybill.event.EventPublisher;
import dev.waybill.event.EventPublisher.Published;
import dev.waybill.event.EventType;
import dev.waybill.event.Pod;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamKinds;
import dev.waybill.platform.OutageLog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.coyote.AbstractProtocol;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/** This package alone behind a real Tomcat, on a free port. */
final class StreamServer implements AutoCloseable {

  final ConfigurableApplicationContext context;
  final FakeJobs jobs;
  final EmitterRegistry registry;
  private final EventPublisher publisher;
  private final Transport transport;
  private final int port;

  @TestConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
  @ComponentScan(basePackageClasses = {EmitterRegistry.class, StreamKinds.class, OutageLog.class})
  @ConfigurationPropertiesScan(basePackageClasses = EmitterRegistry.class)
  static class Application {

    @Bean
    FakeJobs jobs() {
      return new FakeJobs();
    }

    @Bean
    Clock clock() {
      return Clock.systemUTC();
    }

    @Bean
    LimitAtOnce limitAtOnce() {
      return LimitAtOnce.NONE;
    }

    @Bean
    Pod pod() {
      return new Pod("0123456789abcdef");
    }

    @Bean
    @ConditionalOnProperty("test.etag-filter")
    FilterRegistrationBean<ShallowEtagHeaderFilter> etags(
        @Value("${test.etag-filter}") String pattern) {
      var filter = new FilterRegistrationBean<>(new ShallowEtagHeaderFilter());
      filter.addUrlPatterns(pattern);
      return filter;
    }

    @Bean
    @ConditionalOnProperty("test.caching-filter")
    FilterRegistrationBean<Filter> caching(@Value("${test.caching-filter}") String pattern) {
      var filter = new FilterRegistrationBean<Filter>(StreamServer::bufferResponse);
      filter.addUrlPatterns(pattern);
      return filter;
    }

    /** Left alone, the system lets megabytes wait in the kernel for a client that reads nothing. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> smallSendBuffer() {
      return tomcat ->
          tomcat.addConnectorCustomizers(
              connector -> connector.setProperty("socket.txBufSize", "16384"));
    }
  }

  /** Buffers responses, like filters that log the answers. */
  private static void bufferResponse(
      ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    var buffered = new ContentCachingResponseWrapper((HttpServletResponse) response);
    chain.doFilter(request, buffered);
    buffered.copyBodyToResponse();
  }

  /** Starts a server with the default transport. */
  StreamServer(String... properties) {
    this(Transport.EMITTER, properties);
  }

  StreamServer(Transport transport, String... properties) {
    this.transport = transport;
    List<String> all =
        new ArrayList<>(
            List.of(
                "server.port=0",
                "waybill.stream.transport="
                    + (transport == Transport.WEBSOCKET ? Transport.EMITTER : transport).label(),
                // The health check of the storage, which readiness includes, does not exist here.
                "management.endpoint.health.validate-group-membership=false",
                "server.address=127.0.0.1",
                "server.tomcat.connection-timeout=2s",
                "spring.main.banner-mode=off",
                "spring.mvc.problemdetails.enabled=true",
                "spring.jmx.enabled=false"));
    all.addAll(List.of(properties));
    SpringApplication application =
        new SpringApplicationBuilder(Application.class)
            .properties(all.toArray(String[]::new))
            .registerShutdownHook(false)
            .build();
    context = application.run();
    jobs = context.getBean(FakeJobs.class);
    registry = context.getBean(EmitterRegistry.class);
    publisher = context.getBean(EventPublisher.class);
    port = Integer.parseInt(context.getEnvironment().getProperty("local.server.port"));
  }

  int port() {
    return port;
  }

  /** Opens a stream, by a WebSocket if that is the transport of this server's clients. */
  RawStream get(String path, String... headers) throws IOException {
    if (transport == Transport.WEBSOCKET) {
      return RawStream.openWebSocket(port, path, 0, headers);
    }
    return RawStream.open(port, "GET", path, 0, headers);
  }

  RawStream getByHttp10(String path) throws IOException {
    return RawStream.openByHttp10(port, path);
  }

  RawStream head(String path) throws IOException {
    return RawStream.open(port, "HEAD", path, 0);
  }

  /** A connection for a client that reads little. */
  RawStream getWithSmallBuffer(String path) throws IOException {
    if (transport == Transport.WEBSOCKET) {
      return RawStream.openWebSocket(port, path, 8192);
    }
    return RawStream.open(port, "GET", path, 8192);
  }

  Published publish(String streamId, String id, EventType type, String data) {
    return publish(streamId, id, type, data, 0);
  }

  Published publish(String streamId, String id, EventType type, String data, long position) {
    return publisher.publish(
        new StreamEvent(streamId, EventId.parse(id).orElseThrow(), type, data, position));
  }

  Published publish(StreamEvent event) {
    return publisher.publish(event);
  }

  /** Connections that Tomcat keeps although no thread handles them at the moment. */
  int waitingConnections() {
    return protocolHandler().getWaitingProcessorCount();
  }

  /** How many names of protocols Tomcat keeps, for its statistics. */
  int knownProtocols() {
    return ((Map<?, ?>)
            Objects.requireNonNull(
                ReflectionTestUtils.getField(protocolHandler(), "upgradeProtocolGroupInfos")))
        .size();
  }

  private AbstractProtocol<?> protocolHandler() {
    TomcatWebServer server =
        (TomcatWebServer) ((WebServerApplicationContext) context).getWebServer();
    return (AbstractProtocol<?>) server.getTomcat().getConnector().getProtocolHandler();
  }

  double count(String counter) {
    return context.getBean(MeterRegistry.class).get(counter).counter().count();
  }

  double ends(EndReason reason) {
    return context
        .getBean(MeterRegistry.class)
        .get("waybill.stream.ends")
        .tag("reason", reason.label())
        .counter()
        .count();
  }

  MeterRegistry meters() {
    return context.getBean(MeterRegistry.class);
  }

  /** All open streams, by both transports. */
  double emitters() {
    return context.getBean(MeterRegistry.class).get("waybill.emitters").gauges().stream()
        .mapToDouble(Gauge::value)
        .sum();
  }

  @Override
  public void close() {
    context.close();
  }
}
