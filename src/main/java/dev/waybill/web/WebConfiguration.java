package dev.waybill.web;

import dev.waybill.event.Pod;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import tools.jackson.databind.json.JsonMapper;

/** The filters in front of everything, outermost first: headers, drain, origin. */
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
  FilterRegistrationBean<DrainFilter> drainFilter() {
    return everywhere(new DrainFilter(DRAIN_PATIENCE), 0);
  }

  @Bean
  FilterRegistrationBean<OriginFilter> originFilter(CorsProperties cors, AnswerProblem answer) {
    return everywhere(new OriginFilter(cors, answer), 1);
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
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> answerValve(
      Pod pod, AnswerProblem answer) {
    return tomcat ->
        tomcat.addContextCustomizers(
            // Of the host, which also answers what belongs to no application.
            context -> context.getParent().getPipeline().addValve(new AnswerValve(pod, answer)));
  }

  private static <F extends Filter> FilterRegistrationBean<F> everywhere(F filter, int place) {
    FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + place);
    registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST));
    registration.setAsyncSupported(true);
    return registration;
  }
}
