package dev.waybill.job;

import dev.waybill.event.EventId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stands in the database at one moment.
 *
 * @param attempt how many times it was picked up; 0 while queued
 * @param idleAttempts how many attempts in a row, the running one included, brought no new chunk
 * @param mapping header to field, null for an attribute, in the order of the file
 * @param bytesRead how much of the uploaded file committed chunks cover
 * @param updatedAt when the last chunk was committed or, before it, the attempt began
 * @param attemptStart where the last attempt began, or null while queued
 * @param error the problem detail of a failed job as JSON
 * @param finalSequence the number of the final event within the last attempt, null until the end
 */
public record Job(
    String id,
    String kind,
    JobStatus status,
    int attempt,
    int idleAttempts,
    String fileName,
    boolean dryRun,
    String charset,
    String delimiter,
    Map<String, @Nullable String> mapping,
    long bytesTotal,
    long bytesRead,
    Counts counts,
    boolean cancelRequested,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant updatedAt,
    @Nullable AttemptStart attemptStart,
    @Nullable Instant finishedAt,
    @Nullable String error,
    @Nullable Long finalSequence) {

  /** The state from which the last attempt went on. */
  public record AttemptStart(Instant at, long rows, long bytes) {}

  /** The ID of the event that ended the job, or null while it goes on. */
  @Nullable EventId finalEventId() {
    return finalSequence == null ? null : new EventId(attempt, finalSequence);
  }
}
