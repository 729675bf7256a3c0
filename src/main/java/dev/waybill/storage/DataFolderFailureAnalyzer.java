package dev.waybill.storage;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells the operator in two sentences what a page of stack trace would hide. */
class DataFolderFailureAnalyzer extends AbstractFailureAnalyzer<DataFolderUnusableException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, DataFolderUnusableException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
  }
}
