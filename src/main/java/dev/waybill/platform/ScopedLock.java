package dev.waybill.platform;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that is held for the length of a {@code try} block. It stands where {@code synchronized}
 * would: on JDK 25 before 25.0.4, a virtual thread that waits for a contended monitor may never
 * wake up (JDK-8373120), and all others wait behind it.
 *
 * <pre>{@code
 * try (var _ = lock.hold()) {
 *   count++;
 * }
 * }</pre>
 */
public final class ScopedLock extends ReentrantLock implements AutoCloseable {

  /** Waits for the lock, without an end, and takes it. A thread that holds it may take it again. */
  public ScopedLock hold() {
    lock();
    return this;
  }

  /** Releases the lock. */
  @Override
  public void close() {
    unlock();
  }
}
