package dev.waybill.job;

import java.util.List;

/**
 * A kind of background work. The kind reads and writes the fields that only its jobs have. The
 * fields that all jobs have are in {@link Job}. Each kind is one bean. If threads of this process
 * do the work, the kind is a {@link QueuedKind}.
 */
public interface JobKind extends JobRecords {

  /** The stable name, stored with every job as its {@linkplain Job#family() family}. */
  String name();

  /** Returns the last committed state of a job, with the fields of this kind. Blocks on a query. */
  JobView view(Job job);

  /** Whether {@link #whole} returns more fields than {@link #view}. */
  default boolean hasLargeFields() {
    return false;
  }

  /** Returns a job with all fields, including fields that can be large. Blocks on queries. */
  default JobView whole(Job job) {
    return view(job);
  }

  /**
   * Returns jobs of this kind in the form that a list shows, in any order. Blocks on a few queries.
   */
  List<JobView> listed(List<Job> jobs);

  /** Records that a client asks to cancel a running job. Joins the open transaction. */
  default void cancelRequested(Job job) {}

  /**
   * Counts the ended job in the metrics of this pod. Called after the job's end was committed, at
   * most one time for each job. If the pod crashes before the call, the job is not counted.
   */
  default void countEnd(Job job) {}

  /**
   * Releases the resources that the job held outside the database, such as a file. Called after the
   * job's end was committed. A pod that picks the ended job after a crash calls this method again,
   * so this method must be idempotent.
   */
  default void ended(Job job) {}
}
