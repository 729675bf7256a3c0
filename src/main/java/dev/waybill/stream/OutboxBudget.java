package dev.waybill.stream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes that wait for all clients together. Each outbox has a limit of its own, but many
 * slow clients, each below that limit, could still exhaust the heap. Frames that several clients
 * share count once for each of them, so the count is an upper bound. Thread-safe.
 */
final class OutboxBudget {

  /** A replay may take this part of the budget; a longer one becomes a snapshot. */
  private static final int REPLAYS = 4;

  private final long limit;
  private final long shareOfEach;
  private final AtomicLong waiting = new AtomicLong();

  /**
   * @param limit bytes that may wait for all clients together, at least 1
   * @param clients how many clients there may be, at least 1
   */
  OutboxBudget(long limit, int clients) {
    this.limit = limit;
    this.shareOfEach = limit / clients;
  }

  /**
   * Takes bytes from the budget. If the budget is used up, a client still gets what keeps it within
   * an equal share. So clients that read fast do not suffer from slow ones, and all together never
   * hold more than twice the budget.
   *
   * @param held what the client holds already, in bytes
   * @return whether the bytes were taken
   */
  boolean tryReserve(long bytes, long held) {
    if (waiting.addAndGet(bytes) <= limit || held + bytes <= shareOfEach) {
      return true;
    }
    waiting.addAndGet(-bytes);
    return false;
  }

  /** Takes bytes that must not be refused, such as a final event. */
  void reserve(long bytes) {
    waiting.addAndGet(bytes);
  }

  /** Returns bytes to the budget. */
  void release(long bytes) {
    waiting.addAndGet(-bytes);
  }

  /** How many bytes the events may have that one client gets after a reconnect. */
  long largestReplay() {
    return limit / REPLAYS;
  }

  long waiting() {
    return waiting.get();
  }
}
