package dev.waybill.job;

import java.util.List;

/** Records about jobs that are deleted after the job. Each implementation is a bean. */
public interface JobRecords {

  /**
   * Deletes all records about a job. There may be many. The job itself is already deleted. If this
   * call fails, {@link #jobsWithRecords} finds the remaining records later.
   */
  void forget(String jobId);

  /**
   * The IDs of jobs that have records here. Some of these jobs may no longer exist.
   *
   * @param after only IDs after this one in ascending order; empty to start with the first
   * @return at most {@code limit} IDs, in ascending order
   */
  List<String> jobsWithRecords(String after, int limit);
}
