package dev.waybill.stream;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the limits and services that all clients of this pod share. */
@Configuration(proxyBeanMethods = false)
class ClientConfiguration {

  @Bean
  Surroundings surroundings(
      StreamProperties properties,
      OutboxBudget budget,
      Ticker ticker,
      Clock clock,
      Drainers drainers,
      StreamMetrics metrics,
      EmitterRegistry registry) {
    return new Surroundings(
        new Surroundings.Limits(
            properties.outboxSize().toBytes(),
            properties.maxStall(),
            properties.heartbeat(),
            budget),
        ticker,
        clock,
        drainers,
        metrics,
        registry::retire,
        registry::forget);
  }
}
