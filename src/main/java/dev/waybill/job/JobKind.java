package dev.waybill.job;

import java.util.List;

/** A kind of background work. One bean each. */
public interface JobKind {

  /** The name of the built-in kind, the import of a CSV. */
  String CSV_IMPORT = "csv-import";

  /** Its stable name, stored with every job and shown to callers. */
  String name();

  /**
   * Whether this pod has what the work needs, such as the folder of the files. While it has not, it
   * picks no jobs. Asked every second: must not block.
   */
  default boolean canRun() {
    return true;
  }

  /**
   * Does the work from the last committed chunk on, committing it {@linkplain
   * JobRun#commit(ChunkWork) chunk by chunk}. Runs on one of the named import threads, which it may
   * block. Returns when all is done.
   *
   * @throws JobRun.Interruption as thrown by the run: the attempt must stop; let it pass
   * @throws JobFailure if the job cannot be done, now or ever
   * @throws java.io.UncheckedIOException if what the job needs outside the database is away, such
   *     as its file: the job waits and is tried again
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

  /**
   * Deletes the records that are kept about a job, until none is left. They may be many. The job
   * itself is deleted already; what remains after a failure is found by {@link #jobsWithRecords}.
   */
  void forget(String jobId);

  /**
   * The IDs of jobs, existing or not, about which this kind keeps records.
   *
   * @param after only IDs behind this one in ascending order; empty for the first
   * @return at most so many, in ascending order
   */
  List<String> jobsWithRecords(String after, int limit);
}
