package dev.waybill.storage;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells the operator what is missing in place of a page of stack trace. */
class DatabaseFailureAnalyzer extends AbstractFailureAnalyzer<DatabaseUnusableException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, DatabaseUnusableException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
  }
}
