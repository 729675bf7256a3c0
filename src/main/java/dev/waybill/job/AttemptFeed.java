package dev.waybill.job;

import dev.waybill.event.EventId;
import dev.waybill.event.EventPublisher;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import dev.waybill.platform.ScopedLock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Publishes the progress of one attempt to the clients that watch its job. The thread of the
 * attempt only stores the newest committed state in this feed and continues. The {@link Reporter}
 * publishes the stored state at its next tick. So the work waits for the event log only when the
 * attempt starts and when it ends.
 *
 * <p>This feed gives the published events consecutive numbers. The first event is the snapshot of
 * the attempt. {@link #finish()} reserves the number of the final event. After that, this feed
 * publishes nothing.
 *
 * <p>No method throws. If publishing fails, even with an Error, the work must not fail. An event
 * that could not be published leaves a gap in the numbers. A snapshot of the job fills this gap for
 * the clients.
 */
@Slf4j
final class AttemptFeed {

  static final Duration PROGRESS_INTERVAL = Duration.ofMillis(100);
  static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(1);

  private final JobEvents events;
  private final EventPublisher publisher;
  private final Clock clock;
  private final Job begun;

  private final ScopedLock pendingLock = new ScopedLock();
  private @Nullable JobView newest; // guarded by pendingLock
  private ChunkWork.@Nullable Sample newestSample; // guarded by pendingLock
  private List<ChunkWork.Notable> notable = new ArrayList<>(); // guarded by pendingLock

  private final ScopedLock publishLock = new ScopedLock();
  private long sequence; // guarded by publishLock
  private boolean closed; // guarded by publishLock
  private @Nullable EventId finalId; // guarded by publishLock
  private @Nullable Instant progressAt; // guarded by publishLock
  private @Nullable Instant sampleAt; // guarded by publishLock

  private volatile boolean fenced;
  private final AtomicBoolean failureLogged = new AtomicBoolean();

  AttemptFeed(JobEvents events, EventPublisher publisher, Clock clock, Job begun) {
    this.events = events;
    this.publisher = publisher;
    this.clock = clock;
    this.begun = begun;
  }

  Job begun() {
    return begun;
  }

  /** Publishes the snapshot, the first event of every attempt. */
  void open() {
    try (var _ = publishLock.hold()) {
      safely(() -> publish(events.snapshot(begun, nextId())));
    }
  }

  /**
   * Stores the result of a committed chunk until the next tick publishes it. Never waits for a
   * publication.
   */
  void committed(ChunkWork.Written written) {
    try (var _ = pendingLock.hold()) {
      notable.addAll(written.events());
      if (written.sample() != null) {
        newestSample = written.sample();
      }
      newest = written.view();
    }
  }

  /**
   * Publishes the stored events. Also publishes the stored sample and the stored state, each at
   * most one time in its interval.
   */
  void tick() {
    try (var _ = publishLock.hold()) {
      if (!closed) {
        safely(this::publishDue);
      }
    }
  }

  /**
   * Publishes the stored events and ends this feed. After that, this feed publishes no event.
   *
   * @return the ID reserved for the final event; further calls return the same ID
   */
  EventId finish() {
    try (var _ = publishLock.hold()) {
      if (finalId == null) {
        safely(this::publishDue);
        closed = true;
        finalId = nextId();
      }
      return finalId;
    }
  }

  /** Stops publishing because the attempt has ended. The job itself can still be unfinished. */
  void abandon() {
    try (var _ = publishLock.hold()) {
      closed = true;
    }
  }

  /** Stops publishing because a later attempt has taken the job over. */
  void fence() {
    fenced = true;
  }

  boolean isFenced() {
    return fenced;
  }

  private void safely(Runnable reporting) {
    try {
      reporting.run();
    } catch (Throwable e) {
      if (failureLogged.compareAndSet(false, true)) {
        log.error(
            "Job {}: attempt {} goes on, but its progress cannot be published. Further failures of"
                + " this attempt are not logged",
            begun.id(),
            begun.attempt(),
            e);
      }
    }
  }

  private void publishDue() {
    Instant now = clock.instant();
    JobView state;
    List<ChunkWork.Notable> each;
    ChunkWork.Sample sample = null;
    try (var _ = pendingLock.hold()) {
      state = isDue(progressAt, PROGRESS_INTERVAL, now) ? newest : null;
      if (state != null) {
        newest = null;
      }
      each = notable;
      notable = new ArrayList<>();
      if (isDue(sampleAt, SAMPLE_INTERVAL, now)) {
        sample = newestSample;
        newestSample = null;
      }
    }
    each.forEach(event -> publish(event.type(), event.data()));
    if (sample != null) {
      sampleAt = now;
      publish(sample);
    }
    if (state != null) {
      progressAt = now;
      publish(events.progress(state, nextId()));
    }
  }

  private static boolean isDue(@Nullable Instant last, Duration interval, Instant now) {
    if (last == null) {
      return true;
    }
    Duration elapsed = Duration.between(last, now);
    // If the clock was set back, the last event seems to lie in the future. In this case the next
    // event is published immediately.
    return elapsed.isNegative() || elapsed.compareTo(interval) >= 0;
  }

  private void publish(ChunkWork.Sample sample) {
    String data;
    try {
      data = sample.data().get();
    } catch (DataAccessException e) {
      // The sample is only for display, so a failure to read the sample must not fail the job.
      log.warn("Job {}: cannot read a sample of its work to show it", begun.id(), e);
      return;
    }
    if (data != null) {
      publish(sample.type(), data);
    }
  }

  private void publish(EventType type, String data) {
    publish(new StreamEvent(begun.id(), nextId(), type, data, 0));
  }

  private EventId nextId() {
    return new EventId(begun.attempt(), ++sequence);
  }

  private void publish(StreamEvent event) {
    if (!fenced && publisher.publish(event) == EventPublisher.Published.FENCED) {
      fenced = true;
    }
  }
}
