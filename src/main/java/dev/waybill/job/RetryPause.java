package dev.waybill.job;

import java.time.Duration;

/** How long a job waits before its next attempt after the storage failed. */
final class RetryPause {

  static final Duration LONGEST = Duration.ofSeconds(60);

  private RetryPause() {}

  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST_WHILE_WAITING = Duration.ofSeconds(15);

  /**
   * The pause before the next attempt of a job that waits for the upload folder: as long as the job
   * has waited so far, from 2 s to 15 s.
   */
  static Duration whileWaiting(Duration waited) {
    if (waited.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return waited.compareTo(LONGEST_WHILE_WAITING) > 0 ? LONGEST_WHILE_WAITING : waited;
  }

  /**
   * The pause is short at first, because most outages are short. Later it is longer, to give an
   * operator the time to free disk space.
   *
   * @param failures how many attempts in a row have failed without a new chunk; 0 if the last
   *     attempt committed a chunk before it failed
   */
  static Duration after(int failures) {
    return switch (failures) {
      case 0, 1 -> Duration.ofSeconds(2);
      case 2 -> Duration.ofSeconds(10);
      default -> LONGEST;
    };
  }
}
