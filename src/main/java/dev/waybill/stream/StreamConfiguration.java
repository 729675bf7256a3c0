package dev.waybill.stream;

import dev.waybill.access.Quotas;
import dev.waybill.platform.HeapBudget;
import io.micrometer.observation.ObservationPredicate;
import java.util.function.IntUnaryOperator;
import lombok.extern.slf4j.Slf4j;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

@Slf4j
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class StreamConfiguration {

  /** The number of long scheduled tasks that may run at the same time. */
  private static final int ROUNDS_AT_ONCE = 4;

  /**
   * The threads of all {@code @Scheduled} methods. If virtual threads are enabled, Spring Boot runs
   * all these methods one after the other on a single thread. While that single thread deleted old
   * jobs, the health check would report the storage as dead, and leases would expire. The threads
   * of this scheduler are platform threads, because a virtual thread would block its carrier thread
   * while it waits for the disk.
   */
  @Bean
  ThreadPoolTaskScheduler taskScheduler() {
    ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
    scheduler.setPoolSize(ROUNDS_AT_ONCE);
    scheduler.setThreadNamePrefix("scheduled-");
    scheduler.setDaemon(true);
    return scheduler;
  }

  @Bean
  Ticker ticker() {
    return System::nanoTime;
  }

  /** Logs the limits that depend on the heap, so that an operator sees them. */
  @Bean
  StreamLimits streamLimits(StreamProperties properties, ObjectProvider<Quotas> quotas) {
    IntUnaryOperator quota =
        quotas.stream()
            .findFirst()
            .<IntUnaryOperator>map(found -> found::emitters)
            .orElse(IntUnaryOperator.identity());
    StreamLimits limits = StreamLimits.of(properties, quota, HeapBudget.ofThisProcess());
    log.info(
        "Streams: transport {}, at most {} clients, {} of one address, {} MB waiting for them",
        properties.transport().label(),
        limits.maxEmitters(),
        limits.maxPerAddress(),
        limits.outboxBytes() >> 20);
    return limits;
  }

  @Bean
  OutboxBudget outboxBudget(StreamLimits limits, StreamMetrics metrics) {
    OutboxBudget budget = new OutboxBudget(limits.outboxBytes(), limits.maxEmitters());
    metrics.gaugeWaiting(budget::waiting);
    return budget;
  }

  /**
   * Excludes streams from the metric {@code http.server.requests}. Streams last for hours, and
   * Spring would count each client that leaves as a status 500. Instead, the metrics {@code
   * waybill.stream.*} count streams.
   */
  @Bean
  ObservationPredicate streamsAreNotObserved() {
    return (name, context) ->
        !(context instanceof ServerRequestObservationContext observed
            && observed.getCarrier() != null
            && (StreamController.isStream(observed.getCarrier())
                || WatchByPost.isWanted(observed.getCarrier())));
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> breakOff() {
    return tomcat ->
        tomcat.addContextCustomizers(context -> context.getPipeline().addValve(new BreakOff()));
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> leanConnections() {
    return tomcat -> tomcat.setProtocol(LeanHttp11Protocol.class.getName());
  }
}
