package dev.waybill.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of the end of one job.
 *
 * @param messageId the {@code webhook-id}
 * @param caller the caller whose secret signs; null for the secret in the settings
 * @param tries the number of attempts since the delivery was first queued, or since a caller last
 *     asked to send it again
 * @param attempts the number of all attempts
 * @param body the body of the first attempt; null before it
 * @param nextAt when the next attempt is due; null if there is none
 * @param askedAt when a caller last asked to send the delivery again; 1970 if none has
 */
record Delivery(
    String jobId,
    String messageId,
    String url,
    @Nullable String caller,
    State state,
    int tries,
    int attempts,
    @Nullable String body,
    @Nullable Instant nextAt,
    Instant askedAt) {

  /** The state of a delivery. */
  enum State {
    /** The job has not ended. */
    WAITING,
    /** The delivery is being sent, or will be tried again. */
    PENDING,
    /** The receiver has accepted the delivery. */
    DELIVERED,
    /** The receiver has answered 410, so it wants no deliveries. */
    GONE,
    /** The receiver has not accepted the delivery in any attempt. */
    GIVEN_UP
  }

  /**
   * One attempt.
   *
   * @param duration in milliseconds
   * @param status the status of the answer; null if there was none
   * @param error why the attempt failed; null if it succeeded
   */
  record Attempt(
      int number, Instant time, long duration, @Nullable Integer status, @Nullable String error) {}
}
