package dev.waybill.csvimport;

import dev.waybill.job.Job;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The speed of a job and its remaining time. Both values are calculated only from the job's row in
 * the database, so every pod and every attempt shows the same values.
 *
 * @param rowsPerSecond the rate of the current attempt, or of the whole job if the job has ended;
 *     null before the first chunk
 * @param etaSeconds the remaining time of the job, including both passes if there are two passes;
 *     null unless the job is running and has committed a chunk in this attempt
 */
record Pace(@Nullable Long rowsPerSecond, @Nullable Long etaSeconds) {

  private static final Pace UNKNOWN = new Pace(null, null);

  static Pace of(ImportJob imported) {
    return switch (imported.job().status()) {
      case QUEUED -> UNKNOWN;
      case RUNNING -> running(imported);
      case COMPLETED, FAILED, CANCELLED -> finished(imported);
    };
  }

  private static Pace running(ImportJob imported) {
    Instant start = imported.job().attemptStartedAt();
    Instant updatedAt = imported.updatedAt();
    if (start == null
        || updatedAt == null
        || imported.counts().rows() == imported.attemptStartRows()) {
      return UNKNOWN;
    }
    if (updatedAt.isBefore(start)) {
      // The clock was set back, so the duration is unknown.
      return UNKNOWN;
    }
    double seconds = seconds(start, updatedAt);
    double bytesPerSecond = (imported.bytesRead() - imported.attemptStartBytes()) / seconds;
    long passesLeft = imported.checking() ? 2 : 1;
    long left = passesLeft * imported.bytesTotal() - imported.bytesRead();
    return new Pace(
        Math.round((imported.counts().rows() - imported.attemptStartRows()) / seconds),
        bytesPerSecond > 0 ? (long) Math.ceil(left / bytesPerSecond) : null);
  }

  private static Pace finished(ImportJob imported) {
    Job job = imported.job();
    if (job.startedAt() == null
        || job.finishedAt() == null
        || job.finishedAt().isBefore(job.startedAt())) {
      return UNKNOWN;
    }
    return new Pace(
        Math.round(imported.counts().rows() / seconds(job.startedAt(), job.finishedAt())), null);
  }

  private static double seconds(Instant from, Instant to) {
    // The duration counts as at least one millisecond, because clocks have a coarse resolution.
    return Math.max(1, Duration.between(from, to).toMillis()) / 1000.0;
  }
}
