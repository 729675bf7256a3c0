package dev.waybill.job;

/**
 * Takes part in the transaction that ends a job. The database commits the writes of the listener
 * together with the end of the job, or commits neither of them. The listener runs once for each
 * job, because a job ends only once. Each implementation is a bean.
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
