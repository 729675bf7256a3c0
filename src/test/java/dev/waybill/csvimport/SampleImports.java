package dev.waybill.csvimport;

import dev.waybill.csv.Shape;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Import jobs as the database would return them. */
final class SampleImports {

  static final Instant BORN = Instant.parse("2026-11-21T09:30:00Z");

  private SampleImports() {}

  static ImportJob queued() {
    return job(JobStatus.QUEUED, 0, Counts.NONE, 0, null, null, 0, 0);
  }

  /** A job that has run since {@link #BORN} in its first attempt and has committed chunks. */
  static ImportJob running(Counts counts, long bytesRead, Instant updatedAt) {
    return job(JobStatus.RUNNING, 1, counts, bytesRead, updatedAt, BORN, 0, 0);
  }

  /** The same job in the first of two passes, which only checks the rows. */
  static ImportJob checking(Counts counts, long bytesRead, Instant updatedAt) {
    return job(
        JobStatus.RUNNING,
        1,
        counts,
        bytesRead,
        updatedAt,
        BORN,
        0,
        0,
        new ImportPolicy(ImportPolicy.OnError.REJECT_ALL, null, ImportPolicy.Mode.UPSERT),
        true);
  }

  static ImportJob job(
      JobStatus status,
      int attempt,
      Counts counts,
      long bytesRead,
      @Nullable Instant updatedAt,
      @Nullable Instant attemptStartedAt,
      long attemptStartRows,
      long attemptStartBytes) {
    return job(
        status,
        attempt,
        counts,
        bytesRead,
        updatedAt,
        attemptStartedAt,
        attemptStartRows,
        attemptStartBytes,
        ImportPolicy.USUAL,
        false);
  }

  private static ImportJob job(
      JobStatus status,
      int attempt,
      Counts counts,
      long bytesRead,
      @Nullable Instant updatedAt,
      @Nullable Instant attemptStartedAt,
      long attemptStartRows,
      long attemptStartBytes,
      ImportPolicy policy,
      boolean checking) {
    boolean finished = status.isFinished();
    Job job =
        new Job(
            "0123456789abcdef0123456789abcdef",
            "csv-import",
            "csv-import",
            "products.csv",
            status,
            attempt,
            0,
            false,
            BORN,
            attempt == 0 ? null : BORN,
            attemptStartedAt,
            finished ? updatedAt : null,
            null,
            null,
            finished ? 7L : null,
            null);
    return new ImportJob(
        job,
        "products.csv",
        false,
        "UTF-8",
        "comma",
        Shape.PLAIN,
        Map.of("sku", "sku"),
        1_000_000,
        1_000_000,
        bytesRead,
        counts,
        updatedAt,
        attemptStartRows,
        attemptStartBytes,
        ImportPlan.Stored.EARLIER,
        List.of(),
        List.of(),
        policy,
        checking,
        null,
        null,
        null,
        ChangeSummary.NONE);
  }
}
