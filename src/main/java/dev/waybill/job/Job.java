package dev.waybill.job;

import dev.waybill.event.EventId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stands in the database at one moment.
 *
 * @param attempt how many attempts have begun; 0 while queued
 * @param idleAttempts how many attempts in a row, including the running one, committed no chunk
 * @param mapping header to field, null for an attribute, in the order of the file
 * @param bytesRead how much of the uploaded file committed chunks cover
 * @param updatedAt when the last chunk was committed, or when the attempt began if it has committed
 *     none
 * @param attemptStart the state in which the last attempt began, or null while queued
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

  /** The state in which the last attempt began. */
  public record AttemptStart(Instant at, long rows, long bytes) {}

  /** The ID of the event that ended the job, or null while the job is not finished. */
  @Nullable EventId finalEventId() {
    return finalSequence == null ? null : new EventId(attempt, finalSequence);
  }
}
