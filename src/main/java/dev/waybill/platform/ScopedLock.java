package dev.waybill.platform;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that a thread has for the duration of a {@code try} block. It replaces {@code
 * synchronized}. On JDK 25 before 25.0.4, a virtual thread that waits for a monitor may never wake
 * up, even after the monitor is free (JDK-8373120). All threads that queue behind this thread then
 * wait forever, too.
 *
 * <pre>{@code
 * try (var _ = lock.hold()) {
 *   count++;
 * }
 * }</pre>
 */
public final class ScopedLock extends ReentrantLock implements AutoCloseable {

  /**
   * Takes the lock, and waits for it without a timeout if necessary. A thread that already has the
   * lock may take it again.
   */
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
