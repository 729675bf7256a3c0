package dev.waybill.job;

/**
 * Acts inside the transaction that ends a job. What it writes is committed with the end or not at
 * all, and once, because a job ends once. Each implementation is a bean.
 */
@FunctionalInterface
public interface JobEndListener {

  /**
   * Runs in the open transaction, which has locked the job. Must be short, and must call nothing
   * outside the database.
   *
   * @param ended the job as it will be after the commit
   */
  void ended(Job ended);
}
