package dev.waybill.job;

/**
 * One attempt at a job, in the form that a {@link QueuedKind} uses to do its work. Only the thread
 * that runs the attempt may use this object.
 */
public interface JobRun {

  /** The job as it was when the attempt began. The work continues from the counters of this job. */
  Job job();

  /**
   * Commits a chunk if no later attempt at the job has begun. One transaction contains the writes
   * of {@code work} and the job's new counters. After a deadlock the transaction is retried.
   *
   * @throws Interruption if the attempt must stop; the transaction of the chunk is rolled back
   */
  void commit(ChunkWork work);

  /**
   * Checks whether the attempt must stop, without writing anything. A kind calls this method during
   * long work between two chunks.
   *
   * @throws Interruption if the attempt must stop
   */
  void checkpoint();

  /** The reason why an attempt stops before its work is done. */
  abstract sealed class Interruption extends RuntimeException {

    private Interruption(String message) {
      super(message, null, false, false);
    }

    /** A client has asked to cancel the job. */
    static final class Cancelled extends Interruption {
      Cancelled() {
        super("cancel requested");
      }
    }

    /** This pod is shutting down. The job continues on another pod or after the next start. */
    static final class HandedOver extends Interruption {
      HandedOver() {
        super("shutting down");
      }
    }

    /** Another attempt has taken the job over. */
    static final class Fenced extends Interruption {
      Fenced() {
        super("fenced by a later attempt");
      }
    }
  }
}
