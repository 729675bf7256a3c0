package dev.waybill.cluster;

import dev.waybill.platform.OutageLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lombok.RequiredArgsConstructor;

/**
 * The way to one other pod: a bounded queue, and at most one sender, so that events keep their
 * order. The sender is a virtual thread that lives while there is something to send.
 */
@RequiredArgsConstructor
final class Peer {

  private static final int QUEUED_EVENTS = 10_000;
  private static final long QUEUED_BYTES = 8L * 1024 * 1024;

  /** At most this many events go into one request. */
  static final int BATCH_EVENTS = 1000;

  private final String podId;
  private final Consumer<List<Parcel>> sender;
  private final ClusterMetrics metrics;
  private final OutageLog outages;

  // Guarded by this, down to the last field.
  private final ArrayDeque<Parcel> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean sending;

  /** Queues an event, or drops it where there is no room. Returns at once. */
  synchronized void offer(Parcel parcel) {
    if (queue.size() >= QUEUED_EVENTS
        || queuedBytes + parcel.size() > QUEUED_BYTES
        || parcel.size() > Parcel.BATCH_BYTES) {
      metrics.forwardOverflowed();
      return;
    }
    queue.addLast(parcel);
    queuedBytes += parcel.size();
    if (!sending) {
      Thread thread = Thread.ofVirtual().name("forward-" + podId).unstarted(this::sendAll);
      thread.start(); // needs this lock to take anything, so the mark below is set by then
      sending = true;
    }
  }

  /**
   * Sends until the queue is empty. If a batch fails, even because memory ran out, the next one may
   * still succeed; the receiver reads the lost events from the log. The mark {@code sending} is
   * cleared however this ends: otherwise no sender would ever start again, and the other pod would
   * get nothing until this one restarts.
   */
  private void sendAll() {
    boolean drained = false;
    try {
      do {
        drained = sendNext();
      } while (!drained);
    } finally {
      if (!drained) {
        stopSending();
      }
    }
  }

  /** Whether the queue was empty, and the sender is marked as stopped. */
  private boolean sendNext() {
    List<Parcel> batch = nextBatch();
    if (batch.isEmpty()) {
      return true;
    }
    try {
      sender.accept(batch);
    } catch (Throwable e) {
      metrics.forwardFailed(batch.size());
      outages.report("forward", "Cannot forward events (pod %s)".formatted(podId), e);
    }
    return false;
  }

  private synchronized List<Parcel> nextBatch() {
    List<Parcel> batch = new ArrayList<>();
    long bytes = 0;
    while (!queue.isEmpty()
        && batch.size() < BATCH_EVENTS
        && bytes + queue.peekFirst().size() <= Parcel.BATCH_BYTES) {
      Parcel parcel = queue.peekFirst();
      batch.add(parcel);
      queue.removeFirst();
      queuedBytes -= parcel.size();
      bytes += parcel.size();
    }
    if (batch.isEmpty()) {
      stopSending();
    }
    return batch;
  }

  private synchronized void stopSending() {
    sending = false;
    notifyAll();
  }

  /** Waits until nothing is queued or under way, or the time has come. */
  synchronized void awaitIdle(long deadlineNanos) throws InterruptedException {
    for (long left = deadlineNanos - System.nanoTime();
        sending && left > 0;
        left = deadlineNanos - System.nanoTime()) {
      wait(Math.max(1, left / 1_000_000));
    }
  }
}
