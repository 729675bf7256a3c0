package dev.waybill.stream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the number of bytes that wait for all clients together. Each outbox also has its own
 * limit. But many slow clients together could exhaust the heap although each client is below its
 * own limit. A frame that several clients share counts separately for each client, so the count is
 * an upper bound of the memory. Thread-safe.
 */
final class OutboxBudget {

  /**
   * One replay may take the budget divided by this number. A larger replay is replaced by a
   * snapshot, or sent in parts.
   */
  private static final int REPLAYS = 4;

  private final long limit;
  private final long shareOfEach;
  private final AtomicLong waiting = new AtomicLong();

  /**
   * @param limit the number of bytes that may wait for all clients together, at least 1
   * @param clients the maximum number of clients, at least 1
   */
  OutboxBudget(long limit, int clients) {
    this.limit = limit;
    this.shareOfEach = limit / clients;
  }

  /**
   * Reserves bytes in the budget. If the budget is used up, a client may still reserve bytes if it
   * holds no more than an equal share of the budget. So slow clients do not harm clients that read
   * fast. The reservations of this method never exceed twice the budget in total.
   *
   * @param held the number of bytes that the client already holds
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

  /** The maximum size, in bytes, of the missed events that one client gets after a reconnect. */
  long largestReplay() {
    return limit / REPLAYS;
  }

  long waiting() {
    return waiting.get();
  }
}
