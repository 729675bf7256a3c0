package dev.waybill.cluster;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Shows the operator which setting to correct. Runs before Spring Boot's own analyzer of failed
 * bindings, which would only show the name of the exception.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class ClusterSettingFailureAnalyzer extends AbstractFailureAnalyzer<ClusterSettingException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, ClusterSettingException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
  }
}
