package dev.waybill.job;

import java.time.Duration;

/** How long to wait before the next attempt, when the storage is the trouble. */
final class RetryPause {

  static final Duration LONGEST = Duration.ofSeconds(60);

  private RetryPause() {}

  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST_WHILE_WAITING = Duration.ofSeconds(15);

  /** Before the next attempt of a job that has waited for the upload folder for some time. */
  static Duration whileWaiting(Duration waited) {
    if (waited.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return waited.compareTo(LONGEST_WHILE_WAITING) > 0 ? LONGEST_WHILE_WAITING : waited;
  }

  /**
   * A short pause at first, in case it was a hiccup; then time for somebody to make room on a disk.
   *
   * @param failures how many attempts in a row have failed without a new chunk; 0 where the last
   *     one brought some before it failed
   */
  static Duration after(int failures) {
    return switch (failures) {
      case 0, 1 -> Duration.ofSeconds(2);
      case 2 -> Duration.ofSeconds(10);
      default -> LONGEST;
    };
  }
}
