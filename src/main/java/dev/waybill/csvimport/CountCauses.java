package dev.waybill.csvimport;

import java.util.List;

/**
 * Counts the causes of rejections during one attempt of a job. The sums are kept in memory, and
 * each chunk's transaction also stores them. So the next attempt continues with exactly the sums of
 * the committed chunks. Only one thread may use an instance.
 */
final class CountCauses {

  /** The maximum number of causes that the job itself shows. */
  static final int IN_JOB = 10;

  private final CauseStore store;
  private final String jobId;
  private CauseSums committed;
  private CauseSums written;

  CountCauses(CauseStore store, String jobId) {
    this.store = store;
    this.jobId = jobId;
    this.committed = store.of(jobId);
    this.written = committed;
  }

  /**
   * Adds the causes of a chunk to the sums and writes them in the chunk's transaction. If the
   * transaction is repeated, this method is called again.
   *
   * @return the most frequent causes
   */
  List<Cause> write(ChunkCauses chunk) {
    written = committed.plus(chunk);
    store.write(jobId, written.of(chunk));
    return written.top(IN_JOB);
  }

  /**
   * Makes the next chunk continue from the sums that {@link #write} wrote last. Called after each
   * chunk is committed.
   */
  void commit() {
    committed = written;
  }
}
