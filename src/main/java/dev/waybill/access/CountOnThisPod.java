package dev.waybill.access;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import lombok.Locked;

/**
 * Counts the use of quotas in the memory of this pod. Used on a single machine, and in a cluster
 * while Redis does not answer. Thread-safe.
 */
public final class CountOnThisPod implements WindowCounter {

  /**
   * The maximum number of time windows in memory. When this number is reached, the windows that
   * have ended are removed first. Then the windows are removed whose used share of the limit is
   * smallest.
   */
  static final int MOST_WINDOWS = 10_000;

  /**
   * The number of windows that remain after a clean-up. A clean-up removes a tenth of the windows,
   * so that clean-ups are rare and a new window costs little on average.
   */
  private static final int KEPT_WINDOWS = MOST_WINDOWS - MOST_WINDOWS / 10;

  private static final class Window {
    private long used;
    private long limit;
    private long endNanos;

    void add(long amount, long newLimit, long newEndNanos) {
      if (used == 0) {
        endNanos = newEndNanos;
      }
      used += amount;
      limit = newLimit;
    }

    /**
     * The used share of the window's limit; 0 if the window was created but nothing was counted.
     */
    double share() {
      return used == 0 ? 0 : (double) used / limit;
    }
  }

  private final LongSupplier nanos;
  private final Map<String, Window> windows = new HashMap<>(); // guarded by @Locked

  public CountOnThisPod() {
    this(System::nanoTime);
  }

  CountOnThisPod(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  @Locked
  public Counted tryAdd(List<String> keys, long amount, long limit, Duration length) {
    long now = nanos.getAsLong();
    List<Window> all = keys.stream().map(key -> window(key, now)).toList();
    boolean granted =
        all.stream().allMatch(window -> window.used == 0 || window.used + amount <= limit);
    if (granted) {
      long end = now + length.toNanos() * Math.max(1, Math.ceilDiv(amount, limit));
      all.forEach(window -> window.add(amount, limit, end));
    }
    Window fullest = Collections.max(all, Comparator.comparingLong(window -> window.used));
    return new Counted(granted, fullest.used, (fullest.endNanos - now) / 1_000_000);
  }

  private Window window(String key, long now) {
    Window window = windows.get(key);
    if (window == null) {
      makeRoom(now);
      window = new Window();
      windows.put(key, window);
    } else if (now - window.endNanos >= 0) {
      window.used = 0;
    }
    return window;
  }

  /**
   * Removes windows if there are too many. Keeps the windows with the largest used shares.
   * Otherwise a caller could send requests from many addresses until its own full window is
   * removed, and would get a new window.
   */
  private void makeRoom(long now) {
    if (windows.size() < MOST_WINDOWS) {
      return;
    }
    windows.values().removeIf(window -> now - window.endNanos >= 0);
    if (windows.size() > KEPT_WINDOWS) {
      List<String> leastUsed =
          windows.entrySet().stream()
              .sorted(Map.Entry.comparingByValue(Comparator.comparingDouble(Window::share)))
              .limit(windows.size() - KEPT_WINDOWS)
              .map(Map.Entry::getKey)
              .toList();
      leastUsed.forEach(windows::remove);
    }
  }

  @Locked
  int windows() {
    return windows.size();
  }
}
