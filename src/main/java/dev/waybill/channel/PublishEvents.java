package dev.waybill.channel;

import dev.waybill.event.EventBroadcast;
import dev.waybill.event.EventId;
import dev.waybill.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Publishes to audience streams (named streams to which callers publish) by group commit. Requests
 * that arrive during a commit wait, and the next transaction contains all waiting requests. Only
 * one thread of this pod writes. The lock on each stream's row orders the writes of all pods. An
 * event reaches watchers only after its commit.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class PublishEvents implements SmartLifecycle {

  /** The maximum number of requests that may wait. Each request has at most 1,000 events. */
  private static final int MAX_WAITING = 2_000;

  /** The maximum memory, in bytes, that all waiting requests may take together. */
  private static final long MAX_WAITING_BYTES =
      Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

  /**
   * The approximate maximum number of events in one transaction. With a larger transaction, all
   * other requests would wait longer.
   */
  private static final int MAX_GROUP_EVENTS = 2_000;

  private static final int RETRY_SECONDS = 1;

  private final NumberEvents numberEvents;
  private final TransactionOperations transactions;
  private final EventBroadcast broadcast;
  private final ChannelMetrics metrics;

  private final BlockingQueue<Submission> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong waitingBytes = new AtomicLong();
  private volatile @Nullable Thread committer;

  /**
   * A request to change one stream.
   *
   * @param answer completed with the IDs or a refusal; completed with an exception only if no
   *     commit was tried or the commit failed
   */
  record Request(StreamName name, Change change, CompletableFuture<NumberEvents.Answer> answer) {

    Request(StreamName name, Change change) {
      this(name, change, new CompletableFuture<>());
    }

    private List<NewEvent> events() {
      return change instanceof Change.Publish(List<NewEvent> events) ? events : List.of();
    }
  }

  /**
   * Requests that must be committed in the same transaction. One transaction may contain a group of
   * several submissions.
   *
   * @param alongside runs first in the same transaction; if it throws an exception, the submission
   *     is rolled back
   * @param whole whether one refused request rolls back all other requests and the changes of
   *     {@code alongside}
   */
  private record Submission(List<Request> requests, Runnable alongside, boolean whole) {

    long bytes() {
      return requests.stream()
          .flatMap(each -> each.events().stream())
          .mapToLong(NewEvent::footprint)
          .sum();
    }

    int size() {
      return requests.stream().mapToInt(each -> Math.max(1, each.events().size())).sum();
    }

    boolean has(NumberEvents.Answer answer) {
      return requests.stream().anyMatch(each -> each.answer() == answer.to());
    }

    void fail(Throwable cause) {
      requests.forEach(each -> each.answer().completeExceptionally(cause));
    }
  }

  /**
   * Rolls back a submission in which all requests must succeed. The exception contains the answer
   * for each request.
   */
  private static final class RefusedException extends RuntimeException {

    private final transient NumberEvents.Stored stored;

    RefusedException(NumberEvents.Stored stored) {
      super("A part was refused", null, false, false);
      this.stored = stored;
    }
  }

  /** The change that a request makes to its stream. */
  sealed interface Change {

    /** Publishes either all of these events, or no event. */
    record Publish(List<NewEvent> events) implements Change {}

    /**
     * Publishes a last event that closes the stream. The answer contains no IDs. This change
     * succeeds even if the stream is already closed or unknown.
     */
    record Close() implements Change {}
  }

  /**
   * Publishes either all events or no event, and waits for the commit.
   *
   * @return the IDs of the events, in order; for an event that was already published before, the ID
   *     that it got then
   * @throws Problem 422 {@code message-mismatch}, 503 {@code unavailable} or {@code storage}
   */
  List<EventId> publish(StreamName name, List<NewEvent> events) {
    return submit(name, new Change.Publish(events));
  }

  /**
   * Ends the epoch of a stream with a last event. Has no effect if the stream is closed or unknown.
   */
  void close(StreamName name) {
    submit(name, new Change.Close());
  }

  /**
   * Publishes to several streams and makes another change in one transaction. Either all changes
   * are committed, or no change is committed.
   *
   * @param alongside the other change. It runs first in the transaction; if it throws an exception,
   *     the whole transaction is rolled back
   * @return the reason of the refusal for each refused stream. If a stream was refused, nothing was
   *     stored. Empty if the whole transaction is committed
   * @throws Problem 503 {@code unavailable}
   * @throws RuntimeException the exception of {@code alongside} or of the database
   */
  Map<StreamName, Problem> publishTogether(
      Map<StreamName, List<NewEvent>> events, Runnable alongside) {
    List<Request> requests =
        events.entrySet().stream()
            .map(each -> new Request(each.getKey(), new Change.Publish(each.getValue())))
            .toList();
    submit(new Submission(requests, alongside, true));
    Map<StreamName, Problem> refused = new HashMap<>();
    for (Request request : requests) {
      try {
        Problem refusal = request.answer().join().refusal();
        if (refusal != null) {
          refused.put(request.name(), refusal);
        }
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : e;
      }
    }
    return refused;
  }

  private List<EventId> submit(StreamName name, Change change) {
    Request request = new Request(name, change);
    long since = System.nanoTime();
    submit(new Submission(List.of(request), () -> {}, false));
    try {
      NumberEvents.Answer answer = request.answer().join();
      if (answer.refusal() != null) {
        throw answer.refusal();
      }
      metrics.published(System.nanoTime() - since);
      return answer.ids();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Problem problem) {
        throw problem;
      }
      log.warn("Cannot publish to a stream", e.getCause());
      throw storage(e);
    }
  }

  private void submit(Submission submission) {
    long bytes = submission.bytes();
    // An empty queue accepts a request of any permitted size.
    if (waitingBytes.addAndGet(bytes) > MAX_WAITING_BYTES && waitingBytes.get() != bytes
        || committer == null
        || !waiting.offer(submission)) {
      waitingBytes.addAndGet(-bytes);
      throw busy();
    }
    // The committer thread may have ended after the first check. An ended committer never takes
    // this submission. So if the submission is still in the queue, this code removes it.
    if (committer == null && waiting.remove(submission)) {
      waitingBytes.addAndGet(-bytes);
      throw busy();
    }
  }

  @Override
  public void start() {
    Thread thread =
        Thread.ofPlatform().name("publish").daemon().unstarted(this::commitUntilStopped);
    committer = thread;
    thread.start();
  }

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

  /**
   * This class stops after Kafka's topics, the jobs and the web server, because all of them publish
   * events.
   */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 100;
  }

  private void commitUntilStopped() {
    while (committer == Thread.currentThread()) {
      List<Submission> group;
      try {
        group = nextGroup();
      } catch (InterruptedException e) {
        break;
      }
      try {
        commit(group);
      } catch (Throwable e) {
        // Catches every Throwable, including an OutOfMemoryError. Otherwise the requests would wait
        // for ever.
        log.error("Cannot publish", e);
        group.forEach(each -> each.fail(e));
      } finally {
        group.forEach(each -> waitingBytes.addAndGet(-each.bytes()));
      }
    }
    for (Submission left = waiting.poll(); left != null; left = waiting.poll()) {
      waitingBytes.addAndGet(-left.bytes());
      left.fail(busy());
    }
  }

  private List<Submission> nextGroup() throws InterruptedException {
    List<Submission> group = new ArrayList<>();
    Submission first = waiting.take();
    group.add(first);
    int events = first.size();
    while (events < MAX_GROUP_EVENTS) {
      Submission next = waiting.poll();
      if (next == null) {
        break;
      }
      group.add(next);
      events += next.size();
    }
    return group;
  }

  private void commit(List<Submission> group) {
    try {
      deliver(transactions.execute(_ -> store(group)));
    } catch (RefusedException e) {
      if (group.size() == 1) {
        e.stored.answers().forEach(NumberEvents.Answer::give);
      } else {
        commitEach(group);
      }
    } catch (RuntimeException e) {
      if (group.size() == 1) {
        group.getFirst().fail(e);
      } else {
        commitEach(group);
      }
    }
  }

  /**
   * Commits each submission of a failed group in its own transaction. One submission may have
   * caused the failure, and the other submissions must not fail because of it.
   */
  private void commitEach(List<Submission> group) {
    group.forEach(each -> commit(List.of(each)));
  }

  private NumberEvents.Stored store(List<Submission> group) {
    group.forEach(each -> each.alongside().run());
    NumberEvents.Stored stored =
        numberEvents.store(group.stream().flatMap(each -> each.requests().stream()).toList());
    if (stored.answers().stream()
        .filter(answer -> answer.refusal() != null)
        .anyMatch(answer -> group.stream().anyMatch(each -> each.whole() && each.has(answer)))) {
      throw new RefusedException(stored);
    }
    return stored;
  }

  /**
   * Delivers the events after their commit. The events are already stored, so a failure of the
   * delivery does not fail a request.
   */
  private void deliver(NumberEvents.Stored stored) {
    // Answers the publishers only after the broadcast. Otherwise a publisher could send its next
    // event before the broadcast ends, and the next event could overtake an event of this
    // broadcast.
    try {
      broadcast.broadcast(stored.published());
      metrics.events(stored.published().size());
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
