package dev.waybill.stream;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The writes to all clients of a stream that were started together. Runs an action when the last of
 * them has ended. A client that was still writing when the round started is not part of it, so a
 * client that does not read delays one round at most. Thread-safe.
 */
final class WriteRound {

  /** The writes that have not ended, and one more until all of them have started. */
  private final AtomicInteger open = new AtomicInteger(1);

  private final Runnable ended;

  WriteRound(Runnable ended) {
    this.ended = ended;
  }

  /** Returns the given write as a part of this round. */
  Runnable include(Runnable write) {
    open.incrementAndGet();
    return () -> {
      try {
        write.run();
      } finally {
        end();
      }
    };
  }

  /** Called once, when all writes of this round have started. */
  void allStarted() {
    end();
  }

  private void end() {
    if (open.decrementAndGet() == 0) {
      ended.run();
    }
  }
}
