package dev.waybill.storage;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Makes Spring Boot print the action that the operator should take, instead of a long stack trace.
 */
class StorageFailureAnalyzer extends AbstractFailureAnalyzer<StorageUnusableException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, StorageUnusableException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
  }
}
