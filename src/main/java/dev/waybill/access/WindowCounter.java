package dev.waybill.access;

import java.time.Duration;
import java.util.List;

/**
 * Counts the calls and other actions of callers in time windows. A window starts with the first
 * count in this window.
 */
public interface WindowCounter {

  /**
   * The result of a count: the state of the window in which the largest amount is used.
   *
   * @param granted whether the amount was within the limits and is counted
   * @param used the amount that is used in the window now
   * @param resetMillis the time until the window ends, in milliseconds
   */
  record Counted(boolean granted, long used, long resetMillis) {}

  /**
   * Counts an amount in all given windows. If the amount is larger than the remaining amount of one
   * window, counts it in no window. An amount above the limit is accepted if nothing is used yet,
   * because otherwise such an amount would never be accepted. The window then lasts longer, for
   * example three times as long for three times the limit.
   *
   * @param keys the keys of the windows, each of a few characters
   * @param limit 1 or more
   */
  Counted tryAdd(List<String> keys, long amount, long limit, Duration window);
}
