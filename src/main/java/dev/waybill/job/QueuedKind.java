package dev.waybill.job;

/** A kind of job that waits in the queue and is run by the threads of this process. */
public interface QueuedKind extends JobKind {

  /**
   * Whether this pod has what the work needs, such as the folder of the files. While it has not, it
   * picks no jobs. Asked every second: must not block.
   */
  default boolean canRun() {
    return true;
  }

  /** Stores in the open transaction that an attempt begins. */
  void begun(Job job);

  /**
   * Does the work after the last committed chunk, and commits it {@linkplain
   * JobRun#commit(ChunkWork) chunk by chunk}. Runs on one of the threads of the queue and may block
   * it. Returns when all is done.
   *
   * @throws JobRun.Interruption if the attempt must stop; thrown by the run, and must not be caught
   * @throws JobFailure if another attempt would fail too
   * @throws java.io.UncheckedIOException if what the job needs outside the database is away, such
   *     as its file: the job waits and is tried again
   */
  void run(JobRun run);

  /**
   * Compares what was committed with the records of the work, before the job is completed.
   *
   * @throws IllegalStateException if something does not add up
   */
  void checkAccounts(Job job);

  /** How this kind words failures that are not its own. */
  FailureWords failureWords();

  /** The texts of failures, for people, without internal details. Each may block on a query. */
  interface FailureWords {

    /** The title of every failure. */
    String title();

    /** The job broke its process at the same place in several attempts in a row. */
    String crashed(Job job, int attempts);

    /** What the job needs outside the database was away for too long. */
    String storageAway(Job job, long seconds);

    /** The storage failed in several attempts in a row. */
    String storageFailed(Job job, int attempts);

    /** An error in the server. */
    String internal(Job job);
  }
}
