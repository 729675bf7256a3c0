package dev.waybill.access;

import java.time.Duration;
import java.util.List;

/** Counts what callers do, in windows of time that start with the first count. */
public interface WindowCounter {

  /**
   * The state of the fullest window.
   *
   * @param granted whether the amount was within the limit and is counted
   * @param used how much of the window is used now
   * @param resetMillis when the window ends
   */
  record Counted(boolean granted, long used, long resetMillis) {}

  /**
   * Counts an amount in all windows, unless it exceeds what is left of one of them; then it counts
   * in none. An amount above the limit passes when nothing is used, and its window is as many times
   * longer: otherwise it would never pass.
   *
   * @param keys of the windows, each of a few characters
   * @param limit 1 or more
   */
  Counted tryAdd(List<String> keys, long amount, long limit, Duration window);
}
