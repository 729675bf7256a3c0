package dev.waybill.job;

import java.util.List;

/** Records that are kept about jobs, and are deleted after them. Each implementation is a bean. */
public interface JobRecords {

  /**
   * Deletes the records that are kept about a job, until none is left. They may be many. The job
   * itself is deleted already; what remains after a failure is found by {@link #jobsWithRecords}.
   */
  void forget(String jobId);

  /**
   * The IDs of jobs, existing or not, about which records are kept.
   *
   * @param after only IDs behind this one in ascending order; empty for the first
   * @return at most so many, in ascending order
   */
  List<String> jobsWithRecords(String after, int limit);
}
