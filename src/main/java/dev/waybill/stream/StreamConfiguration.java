package dev.waybill.stream;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
class StreamConfiguration {

  /** At most so many rounds take long at the same time. */
  private static final int ROUNDS_AT_ONCE = 4;

  /**
   * The threads of all {@code @Scheduled} rounds. With virtual threads Spring Boot would run them
   * one after the other on a single thread: while old jobs are deleted the storage would look dead
   * and leases would run out. Platform threads, since a virtual one would keep its carrier while it
   * waits for the disk.
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

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> leanConnections() {
    return tomcat -> tomcat.setProtocol(LeanHttp11Protocol.class.getName());
  }
}
