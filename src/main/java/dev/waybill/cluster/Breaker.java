package dev.waybill.cluster;

import java.time.Duration;
import java.util.function.LongSupplier;
import lombok.Locked;

/**
 * A circuit breaker: while Redis does not answer, callers do not wait for it. It opens at the first
 * failure. After each pause, one caller may try again, and its success closes the breaker.
 * Thread-safe.
 */
final class Breaker {

  static final Duration PAUSE = Duration.ofSeconds(2);

  private final LongSupplier nanoTime;
  private boolean open; // guarded by @Locked
  private long nextTry; // guarded by @Locked

  Breaker(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Whether a call may be tried. The caller must then report whether the call succeeded. */
  @Locked
  boolean letsThrough() {
    long now = nanoTime.getAsLong();
    if (open && now - nextTry < 0) {
      return false;
    }
    nextTry = now + PAUSE.toNanos();
    return true;
  }

  /**
   * @return whether this call closed the breaker
   */
  @Locked
  boolean succeeded() {
    boolean closes = open;
    open = false;
    return closes;
  }

  /**
   * @return whether this call opened the breaker
   */
  @Locked
  boolean failed() {
    boolean opens = !open;
    open = true;
    nextTry = nanoTime.getAsLong() + PAUSE.toNanos();
    return opens;
  }

  @Locked
  boolean isOpen() {
    return open;
  }
}
