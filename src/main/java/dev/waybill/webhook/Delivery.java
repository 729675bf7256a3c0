package dev.waybill.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of the end of one job.
 *
 * @param messageId the {@code webhook-id}
 * @param caller whose secret signs; null for the secret in the settings
 * @param tries attempts of the running series
 * @param attempts all attempts
 * @param body as it was sent first; null before that
 * @param nextAt when the next attempt is due; null if there is none
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
    @Nullable Instant nextAt) {

  /** Where a delivery stands. */
  enum State {
    /** The job has not ended. */
    WAITING,
    /** It is being sent, or will be sent again. */
    PENDING,
    /** The receiver has accepted it. */
    DELIVERED,
    /** The receiver wants none. */
    GONE,
    /** The receiver has not accepted it in any of the attempts. */
    GIVEN_UP
  }

  /**
   * One attempt.
   *
   * @param duration in milliseconds
   * @param status of the answer; null if there was none
   * @param error why it did not succeed; null if it did
   */
  record Attempt(
      int number, Instant time, long duration, @Nullable Integer status, @Nullable String error) {}
}
