package dev.waybill.stream;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
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

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> leanConnections() {
    return tomcat -> tomcat.setProtocol(LeanHttp11Protocol.class.getName());
  }
}
