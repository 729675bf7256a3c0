package dev.waybill.job;

/** A kind of job that waits in the queue until a thread of this process runs it. */
public interface QueuedKind extends JobKind {

  /**
   * Whether this pod has all resources that the work needs, such as the upload folder. If a
   * resource is missing, the pod picks no jobs. Called every second, so it must not block.
   */
  default boolean canRun() {
    return true;
  }

  /** Records that an attempt begins. Joins the open transaction. */
  void begun(Job job);

  /**
   * Continues the work after the last committed chunk, and commits the work {@linkplain
   * JobRun#commit(ChunkWork) chunk by chunk}. Runs on a thread of the queue and may block this
   * thread. Returns when all work is done.
   *
   * @throws JobRun.Interruption if the attempt must stop. The methods of {@code run} throw this
   *     exception, and the implementation must not catch it
   * @throws JobFailure if the work has failed and another attempt would fail, too
   * @throws java.io.UncheckedIOException if something that the job needs outside the database, such
   *     as its file, is not available; in this case the job waits and is retried
   */
  void run(JobRun run);

  /**
   * Checks that the job's counters agree with the records of its work, before the job is completed.
   *
   * @throws IllegalStateException if the counters do not agree with the records
   */
  void checkAccounts(Job job);

  /** The texts of this kind for failures that the server detects. */
  FailureWords failureWords();

  /**
   * The texts about failures that people read. These texts contain no internal details. Each method
   * may block on a query.
   */
  interface FailureWords {

    /** The title of every failure. */
    String title();

    /**
     * The text for the case that the process crashed at the same chunk of the job in several
     * consecutive attempts.
     */
    String crashed(Job job, int attempts);

    /**
     * The text for the case that something that the job needs outside the database, such as its
     * file, was not available for too long.
     */
    String storageAway(Job job, long seconds);

    /** The text for the case that the storage failed in several consecutive attempts. */
    String storageFailed(Job job, int attempts);

    /** The text for an internal error of the server. */
    String internal(Job job);
  }
}
