package dev.waybill.stream;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
class StreamConfiguration {

  @Bean
  Ticker ticker() {
    return System::nanoTime;
  }
}
