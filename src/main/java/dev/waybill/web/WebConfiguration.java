package dev.waybill.web;

import dev.waybill.event.Pod;
import jakarta.servlet.DispatcherType;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import org.apache.catalina.Pipeline;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import tools.jackson.databind.json.JsonMapper;

/** What stands in front of everything, outermost first: drain, headers, origin. */
@Configuration
class WebConfiguration {

  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(30);

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
  FilterRegistrationBean<OriginFilter> originFilter(CorsProperties cors, AnswerProblem answer) {
    FilterRegistrationBean<OriginFilter> registration =
        new FilterRegistrationBean<>(new OriginFilter(cors, answer));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST));
    registration.setAsyncSupported(true);
    return registration;
  }

  /** Lets a refusal arrive before the client was told to go on and send its file. */
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
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> valves(Pod pod, AnswerProblem answer) {
    return tomcat ->
        tomcat.addContextCustomizers(
            context -> {
              // Of the host, which also answers what belongs to no application.
              Pipeline pipeline = context.getParent().getPipeline();
              pipeline.addValve(new DrainValve(DRAIN_PATIENCE));
              pipeline.addValve(new AnswerValve(pod, answer));
            });
  }
}
