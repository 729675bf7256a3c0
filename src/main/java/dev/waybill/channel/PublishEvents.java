package dev.waybill.channel;

import dev.waybill.event.EventBroadcast;
import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Publishes to audience streams by group commit: while one transaction commits, what arrives waits,
 * and the next transaction takes all of it. One thread of this pod writes; the lock on each
 * stream's row orders it among the pods. An event reaches watchers only after its commit.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class PublishEvents implements SmartLifecycle {

  /** Requests that wait at most. Each has at most 1,000 events. */
  private static final int MAX_WAITING = 2_000;

  /** Memory that all waiting requests may take together. */
  private static final long MAX_WAITING_BYTES =
      Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

  /** Events in one transaction, about; a larger one would make all others wait for it. */
  private static final int MAX_GROUP_EVENTS = 2_000;

  private static final int RETRY_SECONDS = 1;

  private final NumberEvents numberEvents;
  private final TransactionOperations transactions;
  private final EventBroadcast broadcast;
  private final ChannelMetrics metrics;

  private final BlockingQueue<Request> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong waitingBytes = new AtomicLong();
  private volatile @Nullable Thread committer;

  /** A request that waits for its commit. */
  record Request(
      StreamName name, Change change, long bytes, CompletableFuture<List<EventId>> answer) {}

  /** What a request wants of its stream. */
  sealed interface Change {

    /** All of these events, or none. */
    record Publish(List<NewEvent> events) implements Change {}

    /** A last event; answers without IDs, also where there is nothing to close. */
    record Close() implements Change {}
  }

  /**
   * Publishes events, all or none, and waits for the commit.
   *
   * @return their IDs, in order; of an event that was published before, its first ID
   * @throws Problem 422 {@code message-mismatch}, 503 {@code unavailable} or {@code storage}
   */
  List<EventId> publish(StreamName name, List<NewEvent> events) {
    return submit(name, new Change.Publish(events));
  }

  /** Ends a stream's epoch by a last event. No effect where it is closed or unknown. */
  void close(StreamName name) {
    submit(name, new Change.Close());
  }

  private List<EventId> submit(StreamName name, Change change) {
    long bytes =
        change instanceof Change.Publish(List<NewEvent> events)
            ? events.stream().mapToLong(NewEvent::footprint).sum()
            : 0;
    Request request = new Request(name, change, bytes, new CompletableFuture<>());
    // An empty queue takes a request of any permitted size.
    if (waitingBytes.addAndGet(bytes) > MAX_WAITING_BYTES && waitingBytes.get() != bytes
        || committer == null
        || !waiting.offer(request)) {
      waitingBytes.addAndGet(-bytes);
      throw busy();
    }
    long since = System.nanoTime();
    try {
      List<EventId> ids = request.answer().join();
      metrics.published(System.nanoTime() - since);
      return ids;
    } catch (CompletionException e) {
      throw e.getCause() instanceof Problem problem ? problem : storage(e);
    }
  }

  @Override
  public void start() {
    Thread thread =
        Thread.ofPlatform().name("publish").daemon().unstarted(this::commitUntilStopped);
    committer = thread;
    thread.start();
  }

  /** Requests have ended by now: the web server stops earlier. */
  @Override
  public void stop() {
    Thread thread = committer;
    committer = null;
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return committer != null;
  }

  private void commitUntilStopped() {
    while (committer == Thread.currentThread()) {
      List<Request> group;
      try {
        group = nextGroup();
      } catch (InterruptedException e) {
        break;
      }
      try {
        commit(group);
      } catch (Throwable e) {
        // Catches every Throwable, even when memory runs out. Otherwise the requests would wait for
        // ever.
        log.error("Cannot publish", e);
        group.forEach(request -> request.answer().completeExceptionally(e));
      } finally {
        group.forEach(request -> waitingBytes.addAndGet(-request.bytes()));
      }
    }
    for (Request left = waiting.poll(); left != null; left = waiting.poll()) {
      left.answer().completeExceptionally(busy());
    }
  }

  private List<Request> nextGroup() throws InterruptedException {
    List<Request> group = new ArrayList<>();
    group.add(waiting.take());
    int events = 0;
    for (Request next = waiting.poll(); next != null; next = waiting.poll()) {
      group.add(next);
      events += next.change() instanceof Change.Publish(List<NewEvent> more) ? more.size() : 1;
      if (events >= MAX_GROUP_EVENTS) {
        break;
      }
    }
    return group;
  }

  private void commit(List<Request> group) {
    try {
      deliver(transactions.execute(_ -> numberEvents.store(group)));
    } catch (RuntimeException e) {
      if (group.size() == 1) {
        log.warn("Cannot publish to a stream", e);
        group.getFirst().answer().completeExceptionally(e);
        return;
      }
      // One request may be to blame, and the others must not fail with it.
      group.forEach(request -> commit(List.of(request)));
    }
  }

  /** Everything is committed: what fails from here on is no failure of a request any more. */
  private void deliver(NumberEvents.Stored stored) {
    // Answered after the hand-over, so that a publisher's next event cannot overtake this one.
    try {
      for (List<StreamEvent> events : stored.published()) {
        broadcast.broadcast(events);
        metrics.events(events.size());
      }
    } catch (RuntimeException e) {
      log.warn("Events are stored but could not be delivered; watchers will read them", e);
    }
    stored.answers().forEach(NumberEvents.Answer::give);
  }

  private static Problem busy() {
    return Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "unavailable",
            "The service is busy",
            "Too many events wait to be stored. Try again in a moment.")
        .retryAfterSeconds(RETRY_SECONDS);
  }

  private static Problem storage(Throwable cause) {
    return Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "storage",
            "The database cannot be used",
            "The events were not stored. Try again in a moment.",
            cause)
        .retryAfterSeconds(RETRY_SECONDS);
  }
}
