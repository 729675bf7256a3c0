package dev.waybill.access;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Counts in the memory of this pod: for a single machine, and for a cluster while Redis is away.
 * Thread-safe.
 */
public final class CountOnThisPod implements WindowCounter {

  /** Windows at once. Beyond it those that are over are forgotten. */
  private static final int MOST_WINDOWS = 10_000;

  private static final class Window {
    private long used;
    private long endNanos;
  }

  private final LongSupplier nanos;
  private final Map<String, Window> windows = new HashMap<>(); // guarded by this

  public CountOnThisPod() {
    this(System::nanoTime);
  }

  CountOnThisPod(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public synchronized Counted tryAdd(String key, long amount, long limit, Duration length) {
    long now = nanos.getAsLong();
    if (windows.size() >= MOST_WINDOWS) {
      windows.values().removeIf(window -> now - window.endNanos >= 0);
    }
    Window window = windows.computeIfAbsent(key, _ -> new Window());
    if (window.used == 0 || now - window.endNanos >= 0) {
      window.used = 0;
      window.endNanos = now + length.toNanos();
    }
    boolean granted = window.used + amount <= limit;
    if (granted) {
      window.used += amount;
    }
    return new Counted(granted, window.used, (window.endNanos - now) / 1_000_000);
  }
}
