package dev.waybill.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as clients see it, in JSON.
 *
 * @param queuePosition null, and no property, unless the job is queued and read alone
 * @param mapping null, and no property, where it was left out
 * @param omitted the properties of an event that were left out because they are large; no property
 *     where there are none
 */
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
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer queuePosition,
    boolean cancelRequested,
    String charset,
    String delimiter,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, @Nullable String> mapping,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @JsonRawValue @Nullable String error,
    Links links,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> omitted) {

  /** Names of columns in a mapping that an event carries, in characters; about 32 KB of JSON. */
  private static final int LONGEST_MAPPING_IN_EVENT = 5_000;

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
        null,
        job.cancelRequested(),
        job.charset(),
        job.delimiter(),
        shown(job.mapping()),
        job.createdAt(),
        job.startedAt(),
        job.finishedAt(),
        job.error(),
        new Links(self, self + "/events", self + "/products", self + "/rejections"),
        List.of());
  }

  /** A job in a list: without its mapping, which may be as large as the header of its file. */
  static JobView listed(Job job) {
    return of(job).with(null, List.of());
  }

  /** A job in an event: a large mapping is left out, and {@code omitted} says so. */
  static JobView inEvent(Job job) {
    JobView view = of(job);
    int characters = job.mapping().keySet().stream().mapToInt(name -> name.length() + 20).sum();
    return characters <= LONGEST_MAPPING_IN_EVENT ? view : view.with(null, List.of("mapping"));
  }

  /** A queued job with its place in the queue, from 1; other jobs as they are. */
  JobView at(@Nullable Integer queuePosition) {
    return copy(rowsPerSecond, etaSeconds, queuePosition, mapping, omitted);
  }

  Progress progress() {
    return new Progress(status, attempt, percent, bytes, counts, rowsPerSecond, etaSeconds);
  }

  /** The job without rate, remaining time and place in the queue, from which the ETag is made. */
  JobView withoutPace() {
    return copy(null, null, null, mapping, omitted);
  }

  private JobView with(@Nullable Map<String, @Nullable String> mapping, List<String> omitted) {
    return copy(rowsPerSecond, etaSeconds, queuePosition, mapping, omitted);
  }

  private JobView copy(
      @Nullable Long rowsPerSecond,
      @Nullable Long etaSeconds,
      @Nullable Integer queuePosition,
      @Nullable Map<String, @Nullable String> mapping,
      List<String> omitted) {
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
        rowsPerSecond,
        etaSeconds,
        queuePosition,
        cancelRequested,
        charset,
        delimiter,
        mapping,
        createdAt,
        startedAt,
        finishedAt,
        error,
        links,
        omitted);
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
