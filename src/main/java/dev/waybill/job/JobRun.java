package dev.waybill.job;

/** One attempt at a job, as its kind sees it. Confined to the thread that runs the attempt. */
public interface JobRun {

  /** The job as it was when the attempt began; its counters are those to go on from. */
  Job job();

  /**
   * Commits a chunk: what the work writes and the job's new counters, in one transaction, if this
   * attempt still is the job's last. Repeats it after a deadlock.
   *
   * @throws Interruption if the attempt must stop; nothing of the chunk is kept then
   */
  void commit(ChunkWork work);

  /**
   * Looks whether the attempt must stop, without writing anything; for stretches of work between
   * chunks.
   *
   * @throws Interruption if so
   */
  void checkpoint();

  /** Why an attempt stops before its work is done. */
  abstract sealed class Interruption extends RuntimeException {

    private Interruption(String message) {
      super(message, null, false, false);
    }

    /** Somebody asked to cancel the job. */
    static final class Cancelled extends Interruption {
      Cancelled() {
        super("cancel requested");
      }
    }

    /** This pod is shutting down; the job goes on elsewhere or after the next start. */
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
