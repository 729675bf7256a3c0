package dev.waybill.answer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import lombok.Locked;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes of memory that callers hold at the same time. One caller gets at most half of
 * the budget, so that the other half is free for other callers. Thread-safe.
 */
final class ByteBudget {

  private final long total;
  private final long eachCaller;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition givenBack = lock.newCondition();
  private final Map<String, Long> heldByCaller = new HashMap<>(); // guarded by lock
  private long held; // guarded by lock

  ByteBudget(long total) {
    this.total = total;
    this.eachCaller = Math.max(1, total / 2);
  }

  /**
   * Reserves bytes, and waits if other callers hold too many bytes. If {@code bytes} is more than
   * one caller may hold, reserves the maximum for one caller instead.
   *
   * @return the reserved bytes; null if the bytes were not free in time
   */
  @Locked("lock")
  @Nullable Lease take(String caller, long bytes, Duration patience) throws InterruptedException {
    long wanted = Math.min(bytes, eachCaller);
    long deadline = System.nanoTime() + patience.toNanos();
    while (!fits(caller, wanted)) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return null;
      }
      givenBack.awaitNanos(left);
    }
    change(caller, wanted);
    return new Lease(caller, wanted);
  }

  /** The number of bytes that are reserved now. */
  @Locked("lock")
  long held() {
    return held;
  }

  private boolean fits(String caller, long bytes) {
    return held + bytes <= total && heldByCaller.getOrDefault(caller, 0L) + bytes <= eachCaller;
  }

  @Locked("lock")
  private void change(String caller, long bytes) {
    held += bytes;
    heldByCaller.merge(caller, bytes, (before, more) -> before + more == 0 ? null : before + more);
    if (bytes < 0) {
      givenBack.signalAll();
    }
  }

  /** Some reserved bytes. Only one thread may use an instance. */
  final class Lease implements AutoCloseable {

    private final String caller;
    private long bytes;

    private Lease(String caller, long bytes) {
      this.caller = caller;
      this.bytes = bytes;
    }

    /**
     * Keeps only the given number of bytes reserved and returns the rest to the budget. Does
     * nothing if fewer bytes are reserved.
     */
    void shrinkTo(long needed) {
      if (needed < bytes) {
        change(caller, needed - bytes);
        bytes = needed;
      }
    }

    @Override
    public void close() {
      shrinkTo(0);
    }
  }
}
