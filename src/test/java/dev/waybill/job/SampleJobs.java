package dev.waybill.job;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs as the database would return them. */
final class SampleJobs {

  static final Instant BORN = Instant.parse("2026-11-21T09:30:00Z");

  private SampleJobs() {}

  static Job queued() {
    return job(JobStatus.QUEUED, 0, Counts.NONE, 0, null, null);
  }

  /** Running since {@link #BORN} in its first attempt, with chunks committed until a moment. */
  static Job running(Counts counts, long bytesRead, Instant updatedAt) {
    return job(
        JobStatus.RUNNING, 1, counts, bytesRead, updatedAt, new Job.AttemptStart(BORN, 0, 0));
  }

  static Job job(
      JobStatus status,
      int attempt,
      Counts counts,
      long bytesRead,
      @Nullable Instant updatedAt,
      Job.@Nullable AttemptStart start) {
    boolean finished = status.isFinished();
    return new Job(
        "0123456789abcdef0123456789abcdef",
        "csv-import",
        status,
        attempt,
        0,
        "products.csv",
        false,
        "UTF-8",
        "comma",
        Map.of("sku", "sku"),
        1_000_000,
        bytesRead,
        counts,
        false,
        BORN,
        attempt == 0 ? null : BORN,
        updatedAt,
        start,
        finished ? updatedAt : null,
        null,
        finished ? 7L : null);
  }
}
