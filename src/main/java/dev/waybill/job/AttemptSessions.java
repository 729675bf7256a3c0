package dev.waybill.job;

/**
 * Marks the database transactions of attempts and can end them. A frozen process keeps the locks of
 * its open transaction for as long as its kernel keeps the connection alive. If that transaction
 * were not ended, the attempt that takes the job over would wait for these locks.
 */
interface AttemptSessions {

  /**
   * Marks the surrounding transaction, until its end, as a transaction of this attempt. Call it
   * before any other statement.
   */
  void mark(String jobId, int attempt);

  /**
   * Ends all transactions that are marked with this job, and waits until their locks are free. The
   * caller must hold the lock on the job's task in the surrounding transaction. Then every marked
   * transaction belongs to an earlier attempt.
   */
  void endEarlier(String jobId);
}
