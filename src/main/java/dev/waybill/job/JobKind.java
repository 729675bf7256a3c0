package dev.waybill.job;

/** A kind of background work. One bean each. */
public interface JobKind {

  /** The name of the built-in kind, the import of a CSV. */
  String CSV_IMPORT = "csv-import";

  /** Its stable name, stored with every job and shown to callers. */
  String name();

  /**
   * Does the work from the last committed chunk on, committing it {@linkplain
   * JobRun#commit(ChunkWork) chunk by chunk}. Runs on one of the named import threads, which it may
   * block. Returns when all is done.
   *
   * @throws JobRun.Interruption as thrown by the run: the attempt must stop; let it pass
   * @throws JobFailure if the job cannot be done, now or ever
   */
  void run(JobRun run);

  /**
   * Checks the work against its own records, before the job may be called complete.
   *
   * @throws IllegalStateException if something does not add up
   */
  void checkAccounts(Job job);

  /** Lets go of what the job held outside the database. Called after its end was committed. */
  void ended(Job job);

  /** Deletes what is kept about a finished job whose retention is over; it may be large. */
  void forget(Job job);
}
