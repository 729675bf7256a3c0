package dev.waybill.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job as clients see it, in JSON. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@JsonPropertyOrder({
  "transactionId",
  "kind",
  "status",
  "attempt",
  "fileName",
  "dryRun",
  "percent",
  "bytes",
  "counts"
})
public record JobView(
    String transactionId,
    String kind,
    JobStatus status,
    int attempt,
    String fileName,
    boolean dryRun,
    double percent,
    Bytes bytes,
    Counts counts,
    @Nullable Long rowsPerSecond,
    @Nullable Long etaSeconds,
    boolean cancelRequested,
    String charset,
    String delimiter,
    Map<String, @Nullable String> mapping,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @JsonRawValue @Nullable String error,
    Links links) {

  /** How much of the uploaded file is imported. */
  public record Bytes(long read, long total) {}

  /** Paths on this server. */
  public record Links(String self, String events, String products, String rejections) {}

  /** The data of a {@code progress} event: the part of the job that changes. */
  record Progress(
      JobStatus status,
      int attempt,
      double percent,
      Bytes bytes,
      Counts counts,
      @Nullable Long rowsPerSecond,
      @Nullable Long etaSeconds) {}

  static JobView of(Job job) {
    Pace pace = Pace.of(job);
    String self = "/api/jobs/" + job.id();
    return new JobView(
        job.id(),
        job.kind(),
        job.status(),
        job.attempt(),
        job.fileName(),
        job.dryRun(),
        percent(job),
        new Bytes(job.bytesRead(), job.bytesTotal()),
        job.counts(),
        pace.rowsPerSecond(),
        pace.etaSeconds(),
        job.cancelRequested(),
        job.charset(),
        job.delimiter(),
        shown(job.mapping()),
        job.createdAt(),
        job.startedAt(),
        job.finishedAt(),
        job.error(),
        new Links(self, self + "/events", self + "/products", self + "/rejections"));
  }

  Progress progress() {
    return new Progress(status, attempt, percent, bytes, counts, rowsPerSecond, etaSeconds);
  }

  /** The job without rate and remaining time, from which the ETag is made. */
  JobView withoutPace() {
    return new JobView(
        transactionId,
        kind,
        status,
        attempt,
        fileName,
        dryRun,
        percent,
        bytes,
        counts,
        null,
        null,
        cancelRequested,
        charset,
        delimiter,
        mapping,
        createdAt,
        startedAt,
        finishedAt,
        error,
        links);
  }

  private static Map<String, @Nullable String> shown(Map<String, @Nullable String> mapping) {
    Map<String, @Nullable String> shown = new LinkedHashMap<>(mapping);
    shown.values().removeIf(NewJob.IGNORED::equals);
    return shown;
  }

  private static double percent(Job job) {
    if (job.status() == JobStatus.COMPLETED) {
      return 100;
    }
    // One decimal, rounded down. Only a completed job has 100.
    if (job.bytesTotal() == 0) {
      return 0;
    }
    long permille = job.bytesRead() * 1000 / job.bytesTotal();
    return Math.min(99.9, permille / 10.0);
  }
}
