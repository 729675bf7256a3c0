package dev.waybill.job;

import java.util.List;

/**
 * Records about jobs. They are deleted after their job is deleted. Each implementation is a bean.
 */
public interface JobRecords {

  /**
   * Deletes all records about a job. There may be many records. The job itself is already deleted.
   * If this call fails, a later call of {@link #jobsWithRecords} returns the job again, so that the
   * remaining records can be deleted.
   */
  void forget(String jobId);

  /**
   * The IDs of jobs that have records here. Some of these jobs may no longer exist.
   *
   * @param after returns only IDs that are greater than this one; empty to start with the first
   * @return at most {@code limit} IDs, in ascending order
   */
  List<String> jobsWithRecords(String after, int limit);
}
