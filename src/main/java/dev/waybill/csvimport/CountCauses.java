package dev.waybill.csvimport;

import java.util.List;

/**
 * Counts the causes of rejections during one attempt of a job. The sums are in memory and are
 * committed with each chunk, so the next attempt continues with exactly those of the committed
 * chunks. For one thread.
 */
final class CountCauses {

  /** The job shows so many of its causes. */
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
   * Writes the sums with those of a chunk, in the chunk's transaction, which may be repeated.
   *
   * @return the most frequent causes
   */
  List<Cause> write(ChunkCauses chunk) {
    written = committed.plus(chunk);
    store.write(jobId, written.of(chunk));
    return written.top(IN_JOB);
  }

  /** To be called after the commit of each chunk. */
  void commit() {
    committed = written;
  }
}
