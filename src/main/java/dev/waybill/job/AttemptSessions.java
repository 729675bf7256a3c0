package dev.waybill.job;

/**
 * The database sessions in which attempts write. A frozen process keeps the locks of its open
 * transaction as long as its kernel keeps the connection alive. The attempt that takes its job over
 * would wait for these locks.
 */
interface AttemptSessions {

  /**
   * Marks the surrounding transaction as the attempt's until it ends. Call it before any statement.
   */
  void mark(String jobId, int attempt);

  /**
   * Ends all transactions that are marked with this job, and waits until their locks are free. The
   * caller must hold the job's task in the surrounding transaction. Then every marked transaction
   * belongs to an earlier attempt.
   */
  void endEarlier(String jobId);
}
