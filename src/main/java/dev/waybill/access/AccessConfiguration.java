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

/** Registers the filter that decides, before any controller, whether a request is allowed. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

  /**
   * The access filter runs after the filters of the package {@code web} and after the filter that
   * measures requests.
   */
  private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

  /**
   * The access filter runs one time for each request. The filter does not run again when Tomcat
   * dispatches a stream asynchronously, or when Tomcat dispatches to the error page.
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

  /**
   * Adds the Tomcat valve that marks the requests that a proxy has forwarded. This customizer runs
   * after Spring's own customizer, so it can put its valve before the valves that Spring has added.
   */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> noteForwarding() {
    return tomcat -> {
      List<Valve> valves = new ArrayList<>(List.of(new NoteForwardingValve()));
      valves.addAll(tomcat.getEngineValves());
      tomcat.setEngineValves(valves);
    };
  }

  /**
   * Counts the use of quotas on this pod only. In a cluster, another bean counts in Redis for all
   * pods together.
   */
  @Bean
  WindowCounter countOnThisPod() {
    return new CountOnThisPod();
  }

  @Bean
  PlaceCounter placesOfOnePod() {
    return PlaceCounter.ONE_POD;
  }
}
