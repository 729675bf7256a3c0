package dev.waybill.job;

import java.util.List;

/**
 * Stores records about jobs. The records of a job are deleted after the job is deleted. Each
 * implementation is a bean.
 */
public interface JobRecords {

  /**
   * Deletes all records about a job. The number of records can be large. The job itself is already
   * deleted. If this call fails, a later call of {@link #jobsWithRecords} returns the ID of the job
   * again, so that the remaining records can be deleted.
   */
  void forget(String jobId);

  /**
   * The IDs of jobs that have records in this store. Some of these jobs may no longer exist.
   *
   * @param after returns only IDs that are greater than this ID; empty to start with the first ID
   * @return at most {@code limit} IDs, in ascending order
   */
  List<String> jobsWithRecords(String after, int limit);
}
