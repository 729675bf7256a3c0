package dev.waybill.access;

import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
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

  /** Of this pod alone; several pods count together, in Redis. */
  @Bean
  WindowCounter countOnThisPod() {
    return new CountOnThisPod();
  }
}
