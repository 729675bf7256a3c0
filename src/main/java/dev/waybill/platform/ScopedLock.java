package dev.waybill.platform;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that a thread has for the duration of a {@code try} block. It replaces {@code
 * synchronized}: on JDK 25 before 25.0.4, a virtual thread that waits for a monitor that another
 * thread has may never wake up (JDK-8373120). All threads that wait after it then wait forever too.
 *
 * <pre>{@code
 * try (var _ = lock.hold()) {
 *   count++;
 * }
 * }</pre>
 */
public final class ScopedLock extends ReentrantLock implements AutoCloseable {

  /**
   * Waits for the lock without a timeout, and takes it. A thread that already has the lock may take
   * it again.
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
