package dev.waybill.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How fast a job runs and how long it still needs. Calculated from its row alone, so that every pod
 * and every attempt shows the same.
 *
 * @param rowsPerSecond over the running attempt, or over the whole job once it has ended; null
 *     before the first chunk
 * @param etaSeconds null unless the job runs
 */
record Pace(@Nullable Long rowsPerSecond, @Nullable Long etaSeconds) {

  private static final Pace UNKNOWN = new Pace(null, null);

  static Pace of(Job job) {
    return switch (job.status()) {
      case QUEUED -> UNKNOWN;
      case RUNNING -> running(job);
      case COMPLETED, FAILED, CANCELLED -> finished(job);
    };
  }

  private static Pace running(Job job) {
    Job.AttemptStart start = job.attemptStart();
    Instant updatedAt = job.updatedAt();
    if (start == null || updatedAt == null || job.counts().rows() == start.rows()) {
      return UNKNOWN;
    }
    if (updatedAt.isBefore(start.at())) {
      // The clock was set back, so the duration is unknown.
      return UNKNOWN;
    }
    double seconds = seconds(start.at(), updatedAt);
    double bytesPerSecond = (job.bytesRead() - start.bytes()) / seconds;
    long left = job.bytesTotal() - job.bytesRead();
    return new Pace(
        Math.round((job.counts().rows() - start.rows()) / seconds),
        bytesPerSecond > 0 ? (long) Math.ceil(left / bytesPerSecond) : null);
  }

  private static Pace finished(Job job) {
    if (job.startedAt() == null
        || job.finishedAt() == null
        || job.finishedAt().isBefore(job.startedAt())) {
      return UNKNOWN;
    }
    return new Pace(
        Math.round(job.counts().rows() / seconds(job.startedAt(), job.finishedAt())), null);
  }

  private static double seconds(Instant from, Instant to) {
    // At least a millisecond: clocks are coarse.
    return Math.max(1, Duration.between(from, to).toMillis()) / 1000.0;
  }
}
