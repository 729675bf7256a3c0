package dev.waybill.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Shows the operator which setting to correct. Runs before Spring Boot's own analyzer of failed
 * bindings, which would print only the name of the exception.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class AccessSettingFailureAnalyzer extends AbstractFailureAnalyzer<AccessSettingException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, AccessSettingException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
  }
}
