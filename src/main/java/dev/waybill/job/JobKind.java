package dev.waybill.job;

import java.util.List;

/**
 * A kind of background work: what its jobs have beside the {@linkplain Job common fields}. Each
 * kind is one bean. A kind whose work is done by threads of this process is a {@link QueuedKind}.
 */
public interface JobKind extends JobRecords {

  /** The stable name, stored with every job as its {@linkplain Job#family() family}. */
  String name();

  /** A job with the fields of this kind, as last committed. Blocks on a query. */
  JobView view(Job job);

  /** Whether {@link #whole} shows more than {@link #view}. */
  default boolean hasLargeFields() {
    return false;
  }

  /** The same with fields that may be large. Blocks on queries. */
  default JobView whole(Job job) {
    return view(job);
  }

  /** Some jobs of this kind as they are in a list, in any order. Blocks on few queries. */
  List<JobView> listed(List<Job> jobs);

  /** Stores in the open transaction that a client asks to cancel a running job. */
  default void cancelRequested(Job job) {}

  /** Releases what the job held outside the database. Called after its end was committed. */
  default void ended(Job job) {}
}
