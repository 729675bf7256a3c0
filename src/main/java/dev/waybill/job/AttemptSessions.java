package dev.waybill.job;

/**
 * Marks the database transactions of attempts, so that a later attempt can end them. A frozen
 * process keeps the locks of its open transaction for as long as its kernel keeps the database
 * connection alive. Without an end of this transaction, the next attempt at the job would wait for
 * these locks.
 */
interface AttemptSessions {

  /**
   * Marks the surrounding transaction, until its end, as a transaction of this attempt. Call this
   * method before any other statement of the transaction.
   */
  void mark(String jobId, int attempt);

  /**
   * Ends all transactions that are marked with this job, and waits until their locks are free. The
   * surrounding transaction must hold the lock on the job's task. This lock guarantees that every
   * marked transaction belongs to an earlier attempt.
   */
  void endEarlier(String jobId);
}
