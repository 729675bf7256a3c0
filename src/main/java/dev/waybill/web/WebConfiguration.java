package dev.waybill.web;

import dev.waybill.access.CallerBudget;
import dev.waybill.event.Pod;
import dev.waybill.http.BoundedEndpoint;
import dev.waybill.platform.HeapBudget;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import lombok.extern.slf4j.Slf4j;
import org.apache.catalina.Pipeline;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/**
 * Configures the parts that a request passes before it reaches a controller: Tomcat's limits, the
 * valves, and the filters in their order.
 */
@Slf4j
@Configuration
class WebConfiguration {

  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(30);
  private static final String MAX_CONNECTIONS = "server.tomcat.max-connections";

  @Bean
  Pod pod() {
    byte[] id = new byte[8];
    new SecureRandom().nextBytes(id);
    return new Pod(HexFormat.of().formatHex(id));
  }

  @Bean
  AnswerProblem answerProblem(JsonMapper json) {
    return new AnswerProblem(json);
  }

  @Bean
  FilterRegistrationBean<HostFilter> hostFilter(
      HostProperties properties, Environment environment, AnswerProblem answer) {
    Set<String> hosts = new HashSet<>(properties.hosts());
    // Other pods call this pod by the host name in its advertised URL, so this name is allowed.
    String advertised = environment.getProperty("waybill.cluster.advertise-url");
    if (advertised != null && URI.create(advertised).getHost() != null) {
      hosts.add(URI.create(advertised).getHost().toLowerCase(Locale.ROOT));
    }
    return first(0, new HostFilter(hosts, answer));
  }

  @Bean
  FilterRegistrationBean<OriginFilter> originFilter(CorsProperties cors, AnswerProblem answer) {
    return first(1, new OriginFilter(cors, answer));
  }

  @Bean
  FilterRegistrationBean<ControlCharacterFilter> controlCharacterFilter(AnswerProblem answer) {
    return first(2, new ControlCharacterFilter(answer));
  }

  @Bean
  FilterRegistrationBean<BodyTimeoutFilter> bodyTimeoutFilter() {
    return first(3, new BodyTimeoutFilter(System::nanoTime));
  }

  /**
   * Registers a filter that runs before all other filters. {@code order} is its position among the
   * filters that are registered in this way.
   */
  private static <F extends Filter> FilterRegistrationBean<F> first(int order, F filter) {
    FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + order);
    registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST));
    registration.setAsyncSupported(true);
    return registration;
  }

  /**
   * Calculates the limit of open connections from the size of the heap, unless the operator has set
   * the limit.
   */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> maxConnections(
      Environment environment) {
    return tomcat -> {
      if (!environment.containsProperty(MAX_CONNECTIONS)) {
        int connections = BoundedEndpoint.maxConnections(HeapBudget.ofThisProcess());
        tomcat.addConnectorCustomizers(
            connector -> connector.setProperty("maxConnections", Integer.toString(connections)));
      }
    };
  }

  @Bean
  CallerBudget requestBudget(Environment environment) {
    HeapBudget heap = HeapBudget.ofThisProcess();
    int requests = LimitRequestsValve.maxRequests(heap);
    log.info(
        "A heap of {} MB allows {} connections, {} unfinished heads and {} requests at once",
        heap.heapBytes() >> 20,
        environment.getProperty(
            MAX_CONNECTIONS, Integer.toString(BoundedEndpoint.maxConnections(heap))),
        BoundedEndpoint.maxHeads(heap),
        requests);
    return new CallerBudget(requests, Math.max(1, requests / 2));
  }

  /**
   * For a request with Expect: 100-continue, sends the permission to send the body only when the
   * server reads the body. So a refusal can reach the client before the client sends the body.
   */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> continueOnRead() {
    return tomcat ->
        tomcat.addConnectorCustomizers(
            connector -> {
              if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
                http.setContinueResponseTiming("onRead");
              }
            });
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> valves(
      CallerBudget requestBudget, Pod pod, AnswerProblem answer, HostProperties properties) {
    SecurityHeaders headers = new SecurityHeaders(properties.frameAncestors());
    return tomcat ->
        tomcat.addContextCustomizers(
            context -> {
              // Adds the valves to the pipeline of Tomcat's host, because this pipeline also
              // handles requests that belong to no application.
              Pipeline pipeline = context.getParent().getPipeline();
              pipeline.addValve(new LimitRequestsValve(requestBudget, pod, answer, headers));
              pipeline.addValve(new DrainValve(DRAIN_PATIENCE));
              pipeline.addValve(new AnswerValve(pod, answer, headers));
              pipeline.addValve(new BlankAcceptValve());
            });
  }
}
