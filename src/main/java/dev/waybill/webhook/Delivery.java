package dev.waybill.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of the end of one job.
 *
 * @param messageId the value of the header {@code webhook-id}
 * @param caller the caller whose secret signs the delivery; null if the secret in the settings
 *     signs it
 * @param tries the number of attempts since the delivery was first queued, or since a caller last
 *     asked to send it again
 * @param attempts the number of all attempts
 * @param body the body that the first attempt sent; null before the first attempt
 * @param nextAt the time at which the next attempt is due; null if no attempt is due
 * @param askedAt the time at which a caller last asked to send the delivery again; the start of
 *     1970 if no caller has asked
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
    /** The delivery is being sent, or will be sent in a later attempt. */
    PENDING,
    /** The receiver has accepted the delivery. */
    DELIVERED,
    /** The receiver has answered with the status 410, which means that it wants no deliveries. */
    GONE,
    /** All attempts are used up, and the receiver has not accepted the delivery. */
    GIVEN_UP
  }

  /**
   * One attempt.
   *
   * @param duration the duration of the attempt in milliseconds
   * @param status the status of the answer; null if there was no answer
   * @param error the reason why the attempt failed; null if the attempt succeeded
   */
  record Attempt(
      int number, Instant time, long duration, @Nullable Integer status, @Nullable String error) {}
}
