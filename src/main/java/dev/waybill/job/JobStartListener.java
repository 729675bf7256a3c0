package dev.waybill.job;

/**
 * Takes part in the transaction that begins an attempt at a job. The database commits the writes of
 * the listener together with the start of the attempt, or commits neither of them. Each
 * implementation is a bean.
 */
@FunctionalInterface
public interface JobStartListener {

  /**
   * Runs in the open transaction, which has locked the job. Must be short and must use only the
   * database.
   *
   * @param started the job as it will be after the commit
   */
  void started(Job started);
}
