package dev.waybill.job;

/**
 * Takes part in the transaction that ends a job. The writes of the listener are committed together
 * with the end, or not at all. The listener runs once for each job, because a job ends only once.
 * Each implementation is a bean.
 */
@FunctionalInterface
public interface JobEndListener {

  /**
   * Runs in the open transaction, which has locked the job. Must be short and must use only the
   * database.
   *
   * @param ended the job as it will be after the commit
   */
  void ended(Job ended);
}
