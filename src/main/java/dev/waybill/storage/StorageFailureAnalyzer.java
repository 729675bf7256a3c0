package dev.waybill.storage;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells the operator what to do in place of a page of stack trace. */
class StorageFailureAnalyzer extends AbstractFailureAnalyzer<StorageUnusableException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, StorageUnusableException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
  }
}
