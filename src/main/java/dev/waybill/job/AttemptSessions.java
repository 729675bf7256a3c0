package dev.waybill.job;

/**
 * The database sessions in which attempts write. A frozen process keeps the locks of its open
 * transaction for as long as its kernel answers for it, and the attempt that takes its job over
 * would wait for them.
 */
interface AttemptSessions {

  /** Marks the surrounding transaction as the attempt's, until it ends. Call it first. */
  void mark(String jobId, int attempt);

  /**
   * Ends all transactions that are marked with this job, and waits until their locks are free. Only
   * for who holds the job's task in the surrounding transaction: all marked ones are of attempts
   * before its own.
   */
  void endEarlier(String jobId);
}
