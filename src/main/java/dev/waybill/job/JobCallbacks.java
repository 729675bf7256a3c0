package dev.waybill.job;

import dev.waybill.access.Caller;

/**
 * Posts the ends of jobs to addresses that callers have given. The package {@code webhook}
 * implements this interface.
 */
public interface JobCallbacks {

  /**
   * Checks the address that a caller gave, before the job exists.
   *
   * @throws dev.waybill.problem.Problem 422 {@code callback} if nothing can be posted to this
   *     address
   */
  void check(String url, Caller caller);

  /**
   * Stores the address to which the end of a new job will be posted. Joins the open transaction.
   */
  void note(String jobId, String url, Caller caller);
}
