package dev.waybill.access;

import java.time.Duration;

/** Counts what callers do, in windows of time that start with the first count. */
public interface WindowCounter {

  /**
   * The state of a window.
   *
   * @param granted whether the amount was within the limit and is counted
   * @param used how much of the window is used now
   * @param resetMillis when the window ends
   */
  record Counted(boolean granted, long used, long resetMillis) {}

  /**
   * Counts an amount, unless it exceeds the limit of the window.
   *
   * @param key of the window, of a few characters
   */
  Counted tryAdd(String key, long amount, long limit, Duration window);
}
