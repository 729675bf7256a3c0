package dev.waybill.job;

import dev.waybill.access.Caller;

/** Where the ends of jobs are posted. The package {@code webhook} implements it. */
public interface JobCallbacks {

  /**
   * Checks what a caller wants before a job exists.
   *
   * @throws dev.waybill.problem.Problem 422 {@code callback} where nothing can be posted there
   */
  void check(String url, Caller caller);

  /** Stores in the open transaction that the end of a new job is posted to an address. */
  void note(String jobId, String url, Caller caller);
}
