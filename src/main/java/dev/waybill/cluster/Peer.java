package dev.waybill.cluster;

import dev.waybill.platform.OutageLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import lombok.Locked;
import lombok.RequiredArgsConstructor;

/**
 * The connection to one other pod. The connection has a bounded queue and at most one sender, so
 * that events keep their order. The sender is a virtual thread that ends when the queue is empty.
 */
@RequiredArgsConstructor
final class Peer {

  private static final int QUEUED_EVENTS = 10_000;
  private static final long QUEUED_BYTES = 8L * 1024 * 1024;

  /** The maximum number of events in one request. */
  static final int BATCH_EVENTS = 1000;

  private final String podId;
  private final Consumer<List<OutgoingEvent>> sender;
  private final ClusterMetrics metrics;
  private final OutageLog outages;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();

  // The following fields are guarded by lock.
  private final ArrayDeque<OutgoingEvent> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean sending;

  /** Queues an event, or drops the event if there is no room. Returns immediately. */
  @Locked("lock")
  void offer(OutgoingEvent event) {
    if (queue.size() >= QUEUED_EVENTS
        || queuedBytes + event.size() > QUEUED_BYTES
        || event.size() > OutgoingEvent.BATCH_BYTES) {
      metrics.forwardOverflowed();
      return;
    }
    queue.addLast(event);
    queuedBytes += event.size();
    if (!sending) {
      Thread thread = Thread.ofVirtual().name("forward-" + podId).unstarted(this::sendAll);
      thread.start(); // the thread waits for this lock, so it finds the flag set
      sending = true;
    }
  }

  /**
   * Sends batches until the queue is empty. If a batch fails, for example because memory runs out,
   * the next batch may still succeed. The receiver reads the events of the failed batch from the
   * log. The flag {@code sending} is always cleared at the end. Otherwise no sender would ever
   * start again, and the other pod would get no event until this pod restarts.
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

  /** Sends the next batch. If the queue is empty, marks the sender as stopped and returns true. */
  private boolean sendNext() {
    List<OutgoingEvent> batch = nextBatch();
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

  @Locked("lock")
  private List<OutgoingEvent> nextBatch() {
    List<OutgoingEvent> batch = new ArrayList<>();
    long bytes = 0;
    while (!queue.isEmpty()
        && batch.size() < BATCH_EVENTS
        && bytes + queue.peekFirst().size() <= OutgoingEvent.BATCH_BYTES) {
      OutgoingEvent event = queue.peekFirst();
      batch.add(event);
      queue.removeFirst();
      queuedBytes -= event.size();
      bytes += event.size();
    }
    if (batch.isEmpty()) {
      stopSending();
    }
    return batch;
  }

  @Locked("lock")
  private void stopSending() {
    sending = false;
    idle.signalAll();
  }

  /** Waits until nothing is queued or being sent, or the deadline has passed. */
  @Locked("lock")
  void awaitIdle(long deadlineNanos) throws InterruptedException {
    for (long left = deadlineNanos - System.nanoTime();
        sending && left > 0;
        left = deadlineNanos - System.nanoTime()) {
      idle.awaitNanos(left);
    }
  }
}
