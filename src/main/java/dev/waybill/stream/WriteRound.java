package dev.waybill.stream;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The writes to all clients of a stream that were started together. Runs an action when the last of
 * these writes has ended. A client whose previous write was still in progress when the round
 * started is not part of the round. So a client that does not read delays one round at most.
 * Thread-safe.
 */
final class WriteRound {

  /**
   * The number of writes that have not ended, plus one until all writes of the round have started.
   */
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
