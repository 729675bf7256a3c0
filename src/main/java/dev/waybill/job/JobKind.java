package dev.waybill.job;

import java.util.List;

/** A kind of background work. Each kind is one bean. */
public interface JobKind {

  /** The name of the built-in kind, the import of a CSV. */
  String CSV_IMPORT = "csv-import";

  /** The stable name, stored with every job and shown to callers. */
  String name();

  /**
   * Whether this pod has what the work needs, such as the folder of the files. While it has not, it
   * picks no jobs. Asked every second: must not block.
   */
  default boolean canRun() {
    return true;
  }

  /**
   * Does the work after the last committed chunk, and commits it {@linkplain
   * JobRun#commit(ChunkWork) chunk by chunk}. Runs on one of the import threads and may block it.
   * Returns when all is done.
   *
   * @throws JobRun.Interruption if the attempt must stop; thrown by the run, and must not be caught
   * @throws JobFailure if another attempt would fail too
   * @throws java.io.UncheckedIOException if what the job needs outside the database is away, such
   *     as its file: the job waits and is tried again
   */
  void run(JobRun run);

  /**
   * Compares the job's counters with the records of the work, before the job is completed.
   *
   * @throws IllegalStateException if something does not add up
   */
  void checkAccounts(Job job);

  /** Releases what the job held outside the database. Called after its end was committed. */
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
