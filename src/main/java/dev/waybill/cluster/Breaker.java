package dev.waybill.cluster;

import java.time.Duration;
import java.util.function.LongSupplier;
import lombok.Locked;

/**
 * A circuit breaker: while Redis does not answer, callers do not wait for Redis. The breaker opens
 * at the first failure. After each pause, one caller may call Redis again. If this call succeeds,
 * the breaker closes. Thread-safe.
 */
final class Breaker {

  static final Duration PAUSE = Duration.ofSeconds(2);

  private final LongSupplier nanoTime;
  private boolean open; // guarded by @Locked
  private long nextTry; // guarded by @Locked

  Breaker(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Whether the caller may call Redis now. After the call, the caller must report whether the call
   * succeeded.
   */
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
