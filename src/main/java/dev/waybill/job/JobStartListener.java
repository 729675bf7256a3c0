package dev.waybill.job;

/**
 * Acts inside the transaction that begins an attempt at a job. What it writes is committed with the
 * attempt or not at all. Each implementation is a bean.
 */
@FunctionalInterface
public interface JobStartListener {

  /**
   * Runs in the open transaction, which has locked the job. Must be short, and must call nothing
   * outside the database.
   *
   * @param started the job as it will be after the commit
   */
  void started(Job started);
}
