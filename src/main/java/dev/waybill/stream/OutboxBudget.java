package dev.waybill.stream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes that wait for all clients together. Each outbox has its own limit, but many slow
 * clients, each below that limit, could still exhaust the heap. A frame that several clients share
 * counts once for each client, so the count is an upper bound. Thread-safe.
 */
final class OutboxBudget {

  /**
   * The divisor of the budget for one replay: a replay may take a quarter. A longer replay is
   * replaced by a snapshot, or sent in parts.
   */
  private static final int REPLAYS = 4;

  private final long limit;
  private final long shareOfEach;
  private final AtomicLong waiting = new AtomicLong();

  /**
   * @param limit how many bytes may wait for all clients together, at least 1
   * @param clients the most clients that there may be, at least 1
   */
  OutboxBudget(long limit, int clients) {
    this.limit = limit;
    this.shareOfEach = limit / clients;
  }

  /**
   * Reserves bytes in the budget. If the budget is used up, a client may still reserve bytes up to
   * an equal share. So slow clients do not harm clients that read fast, and these reservations
   * together never exceed twice the budget.
   *
   * @param held what the client holds already, in bytes
   * @return whether the bytes were reserved
   */
  boolean tryReserve(long bytes, long held) {
    if (waiting.addAndGet(bytes) <= limit || held + bytes <= shareOfEach) {
      return true;
    }
    waiting.addAndGet(-bytes);
    return false;
  }

  /** Reserves bytes that must not be refused, such as a final event. */
  void reserve(long bytes) {
    waiting.addAndGet(bytes);
  }

  /** Returns bytes to the budget. */
  void release(long bytes) {
    waiting.addAndGet(-bytes);
  }

  /** The number of bytes of missed events that one client may get after a reconnect. */
  long largestReplay() {
    return limit / REPLAYS;
  }

  long waiting() {
    return waiting.get();
  }
}
