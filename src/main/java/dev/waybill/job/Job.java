package dev.waybill.job;

import dev.waybill.event.EventId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The fields that all jobs have, as read from the database at one moment. Each {@link JobKind}
 * keeps the fields of its own jobs in a separate table.
 *
 * @param kind the name that callers use for this kind of job
 * @param family the {@link JobKind#name() name} of the code that knows this kind of job
 * @param title the title that people see; null if the job has no title
 * @param attempt the number of attempts that have begun; 0 while the job is queued
 * @param idleAttempts the number of consecutive attempts, including the current one, that have
 *     committed no chunk
 * @param attemptStartedAt the time at which the last attempt began, or null while the job is queued
 * @param error the problem detail of a failed job as JSON
 * @param result the result of the work, as JSON, or null
 * @param finalSequence the number of the final event within the last attempt, null until the end
 * @param caller the ID of the caller that created the job; null for jobs of early versions
 */
public record Job(
    String id,
    String kind,
    String family,
    @Nullable String title,
    JobStatus status,
    int attempt,
    int idleAttempts,
    boolean cancelRequested,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant attemptStartedAt,
    @Nullable Instant finishedAt,
    @Nullable String error,
    @Nullable String result,
    @Nullable Long finalSequence,
    @Nullable String caller) {

  /** The ID of the event that ended the job, or null while the job is not finished. */
  public @Nullable EventId finalEventId() {
    return finalSequence == null ? null : new EventId(attempt, finalSequence);
  }
}
