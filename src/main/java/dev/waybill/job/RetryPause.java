package dev.waybill.job;

import java.time.Duration;

/** The pause of a job before its next attempt, after the storage has failed. */
final class RetryPause {

  static final Duration LONGEST = Duration.ofSeconds(60);

  private RetryPause() {}

  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST_WHILE_WAITING = Duration.ofSeconds(15);

  /**
   * The pause before the next attempt of a job that waits for the upload folder. The pause is as
   * long as the job has waited so far, but at least 2 s and at most 15 s.
   */
  static Duration whileWaiting(Duration waited) {
    if (waited.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return waited.compareTo(LONGEST_WHILE_WAITING) > 0 ? LONGEST_WHILE_WAITING : waited;
  }

  /**
   * The pause after consecutive failures. The first pause is short, because most outages are short.
   * After each further failure the pause is longer, so that an operator has time to free disk
   * space.
   *
   * @param failures the number of consecutive attempts that have failed without a new chunk; 0 if
   *     the last attempt committed a chunk before it failed
   */
  static Duration after(int failures) {
    return switch (failures) {
      case 0, 1 -> Duration.ofSeconds(2);
      case 2 -> Duration.ofSeconds(10);
      default -> LONGEST;
    };
  }
}
