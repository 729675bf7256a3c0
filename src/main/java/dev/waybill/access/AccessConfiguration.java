package dev.waybill.access;

import jakarta.servlet.DispatcherType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.apache.catalina.Valve;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Puts the decision in front of the controllers. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

  /** Behind the filters of {@code web} and behind the one that measures requests. */
  private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

  /**
   * The filter does not run for the asynchronous dispatch of a stream, nor for the one that shows
   * an error.
   */
  @Bean
  FilterRegistrationBean<AccessFilter> accessFilter(
      AccessSwitch access,
      SecurityFilters filters,
      AnswerRefusal refusal,
      AuditLog audit,
      Quotas quotas) {
    FilterRegistrationBean<AccessFilter> registration =
        new FilterRegistrationBean<>(new AccessFilter(access, filters, refusal, audit, quotas));
    registration.setOrder(ORDER);
    registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST));
    registration.setAsyncSupported(true);
    return registration;
  }

  /** Runs after Spring's own, which has an order, and takes the place in front of its valves. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> noteForwarding() {
    return tomcat -> {
      List<Valve> valves = new ArrayList<>(List.of(new NoteForwardingValve()));
      valves.addAll(tomcat.getEngineValves());
      tomcat.setEngineValves(valves);
    };
  }

  /** Of this pod alone; several pods count together, in Redis. */
  @Bean
  WindowCounter countOnThisPod() {
    return new CountOnThisPod();
  }

  @Bean
  PlaceCounter placesOfOnePod() {
    return PlaceCounter.ONE_POD;
  }
}
