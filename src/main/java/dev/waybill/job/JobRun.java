package dev.waybill.job;

/**
 * One attempt at a job, from the point of view of its kind. Used only by the thread that runs the
 * attempt.
 */
public interface JobRun {

  /** The job as it was when the attempt began. Its counters are those to continue from. */
  Job job();

  /**
   * Commits a chunk, if this attempt still is the job's last. One transaction contains what the
   * work writes and the job's new counters. Repeats the transaction after a deadlock.
   *
   * @throws Interruption if the attempt must stop; then nothing of the chunk is kept
   */
  void commit(ChunkWork work);

  /**
   * Checks whether the attempt must stop, without writing anything. Call it during long work
   * between two chunks.
   *
   * @throws Interruption if so
   */
  void checkpoint();

  /** Why an attempt stops before its work is done. */
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
