package dev.waybill.stream;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * One watching connection. Until it is live, events wait beside the outbox; from then on they pass
 * through the outbox to the client. Everything but the drainer returns at once: the lock is never
 * held over a write.
 */
@Slf4j
final class ClientStream {

  /**
   * Who is told that a client leaves. Both may be called more than once, on any thread.
   *
   * @param retire takes nothing in any more, but its connection is still open
   * @param forget its connection has ended, or is about to
   */
  record Leaving(Consumer<ClientStream> retire, Consumer<ClientStream> forget) {}

  /** What one connection may hold, and for how long. */
  record Limits(long outboxBytes, Duration maxStall) {}

  private enum State {
    /** What this client missed is being read; live events wait in {@code early}. */
    CONNECTING,
    LIVE,
    /** The last frame is queued; nothing more is taken in. */
    ENDING,
    /** Nothing more is written. */
    ENDED
  }

  /**
   * The most that one write carries. Smaller than a socket's buffers, so that a client that only
   * trickles is caught by the age of what waits, instead of hiding in one endless write.
   */
  static final int BATCH_BYTES = 32 * 1024;

  private final String id = UUID.randomUUID().toString();
  private final String streamId;
  private final String address;
  private final Limits limits;
  private final Ticker ticker;
  private final Drainers drainers;
  private final StreamMetrics metrics;
  private final Leaving leaving;
  private final Object lock = new Object();

  // Guarded by lock, down to the last field.
  private final Outbox outbox;
  private @Nullable Outbox early;
  private State state = State.CONNECTING;
  private @Nullable Connection connection;
  private boolean draining;
  private boolean writing;
  private boolean gone;
  private long writingSince;
  private long heartbeatSince;
  private @Nullable EventId lastId;
  private long openedAt = -1;
  private long shownPosition = -1;

  ClientStream(
      String streamId,
      String address,
      Frame preface,
      Limits limits,
      Ticker ticker,
      Drainers drainers,
      StreamMetrics metrics,
      Leaving leaving) {
    this.streamId = streamId;
    this.address = address;
    this.limits = limits;
    this.ticker = ticker;
    this.drainers = drainers;
    this.metrics = metrics;
    this.leaving = leaving;
    this.outbox = new Outbox(limits.outboxBytes());
    this.early = new Outbox(limits.outboxBytes());
    this.heartbeatSince = preface.bornNanos();
    outbox.add(preface);
  }

  /** The emitter's own ID, unique among all pods. */
  String id() {
    return id;
  }

  String streamId() {
    return streamId;
  }

  String address() {
    return address;
  }

  /**
   * Takes a live event, which leaves with the next {@link #wake}, or as soon as a write is full.
   */
  void deliver(Frame frame) {
    boolean overflow = false;
    boolean full = false;
    synchronized (lock) {
      Frame.Meaning event = frame.event();
      if (event != null && early != null && state == State.CONNECTING) {
        overflow = early.offer(frame, event.type()) == Outbox.Offer.OVERFLOW;
      } else if (state == State.LIVE) {
        overflow = accept(frame) == Outbox.Offer.OVERFLOW;
        full = outbox.holds(BATCH_BYTES);
      }
    }
    if (overflow) {
      closeAsSlow();
    } else if (full) {
      wake();
    }
  }

  /** Has what waits leave. */
  void wake() {
    boolean startDrainer;
    synchronized (lock) {
      startDrainer = mustStartDrainer();
    }
    if (startDrainer) {
      drainers.start(this::drain);
    }
  }

  /**
   * Leaves out progress behind the state of the job on connecting. On an earlier connection the
   * client may have seen a snapshot that was ahead of the log, under the ID of the log's end: what
   * is replayed after that ID would take the counters back.
   *
   * @param position in rows
   */
  void openAt(long position) {
    synchronized (lock) {
      openedAt = position;
    }
  }

  /** Queues what the client missed, then the live events that came meanwhile, and goes live. */
  void goLive(List<Frame> missed) {
    synchronized (lock) {
      if (state != State.CONNECTING || early == null) {
        return;
      }
      state = State.LIVE;
      // Bounded by the log and by the early events' own limit. They must not count as too much: a
      // client closed for what it missed would come back to the very same.
      missed.forEach(this::acceptUnbounded);
      early.frames().forEach(this::acceptUnbounded);
      early = null;
    }
    wake();
  }

  /**
   * Goes live for a client that has missed nothing. Events up to the one that it has seen may still
   * come here, where this pod learns of them late.
   */
  void resume(EventId seen) {
    synchronized (lock) {
      if (state != State.CONNECTING) {
        return;
      }
      lastId = seen;
    }
    goLive(List.of());
  }

  /** The response takes bytes from now on. */
  void connected(Connection connection) {
    synchronized (lock) {
      this.connection = connection;
    }
    wake();
  }

  /**
   * Shows the state as it is now, while the events that would tell it cannot come. Under the ID
   * that this client has seen last, so that the next event still finds its place.
   */
  void refresh(StreamState now) {
    boolean overflow;
    synchronized (lock) {
      if (state != State.LIVE || lastId == null || now.position() < shownPosition) {
        return;
      }
      Frame frame = Frame.of(now.asEvent(streamId, lastId), ticker.nanos());
      overflow = outbox.offer(frame, now.type()) == Outbox.Offer.OVERFLOW;
      shownPosition = now.position();
    }
    if (overflow) {
      closeAsSlow();
    } else {
      wake();
    }
  }

  /** Queues the comment if it is due. */
  void heartbeat(Frame comment, Duration interval) {
    synchronized (lock) {
      boolean due = comment.bornNanos() - heartbeatSince >= interval.toNanos();
      if (!due || state != State.LIVE) {
        return;
      }
      // By whole intervals, so that connections keep apart as they came and beats do not drift.
      long beats = (comment.bornNanos() - heartbeatSince) / interval.toNanos();
      heartbeatSince += beats * interval.toNanos();
      outbox.add(comment);
    }
    wake();
  }

  /** Closes this client if it does not read. */
  void closeIfStalled() {
    boolean stalled;
    synchronized (lock) {
      long now = ticker.nanos();
      long maxStall = limits.maxStall().toNanos();
      stalled =
          state != State.ENDED
              && ((writing && now - writingSince > maxStall)
                  || outbox.hasWaitedLongerThan(maxStall, now));
    }
    if (stalled) {
      closeAsSlow();
    }
  }

  /** Lets what waits leave, then the given frame, and ends. */
  void endWith(Frame goodbye) {
    synchronized (lock) {
      if (state == State.ENDING || state == State.ENDED) {
        return;
      }
      state = State.ENDING;
      early = null;
      outbox.add(goodbye);
    }
    wake();
  }

  /** The container has dropped the connection. May run under its locks: no call to it here. */
  void gone() {
    synchronized (lock) {
      gone = true;
      state = State.ENDED;
      early = null;
      outbox.clear();
    }
    leaving.forget().accept(this);
  }

  private void closeAsSlow() {
    synchronized (lock) {
      if (state == State.ENDED) {
        return;
      }
      if (state == State.CONNECTING) {
        // Not the client is slow: what it missed takes too long to read. It gets its preface.
        state = State.ENDING;
        early = null;
        outbox.add(Frame.goodbye(RetryDelay.jitteredMillis(), ticker.nanos()));
        return;
      }
      state = State.ENDED;
      early = null;
      outbox.clear();
    }
    leaving.retire().accept(this);
    metrics.slowClientClosed();
    log.info("Closed a slow client (stream {}, address {})", streamId, address);
    // A blocked write holds the emitter's lock, so only the drainer may end the response.
    wake();
  }

  private boolean mustStartDrainer() {
    if (connection == null || draining || gone || state == State.CONNECTING) {
      return false;
    }
    draining = state != State.LIVE || !outbox.isEmpty();
    return draining;
  }

  private void acceptUnbounded(Frame frame) {
    if (accept(frame) == Outbox.Offer.OVERFLOW) {
      outbox.add(frame);
    }
  }

  private Outbox.Offer accept(Frame frame) {
    Frame.Meaning event = frame.event();
    if (event == null || state != State.LIVE) {
      return Outbox.Offer.SKIPPED;
    }
    // The end is the end, also for a client that claimed to have seen an ID above it.
    if (lastId != null && !event.id().isAfter(lastId) && !event.type().isFinal()) {
      return Outbox.Offer.SKIPPED; // came twice, by the log and live
    }
    if (isOutOfDate(event)) {
      metrics.dropped();
      lastId = event.id(); // what this pod learns late comes before it all the same
      return Outbox.Offer.SKIPPED;
    }
    Outbox.Offer offer = outbox.offer(frame, event.type());
    switch (offer) {
      case REPLACED -> metrics.replaced();
      case SKIPPED -> metrics.dropped();
      case QUEUED, OVERFLOW -> {}
    }
    lastId = event.id();
    if (event.isState()) {
      shownPosition = event.position();
    }
    if (event.type().isFinal()) {
      state = State.ENDING;
    }
    return offer;
  }

  private boolean isOutOfDate(Frame.Meaning event) {
    return event.isState() && event.position() < shownPosition
        || event.type().delivery() == Delivery.LATEST && event.position() < openedAt;
  }

  /** One at a time, on a thread that may block; none starts before there is a connection. */
  private void drain() {
    Connection to;
    synchronized (lock) {
      to = Objects.requireNonNull(connection);
    }
    try {
      for (Outbox.Batch batch = nextBatch(to); batch != null; batch = nextBatch(to)) {
        to.write(batch.bytes());
        metrics.sent(batch.events());
      }
    } catch (IOException e) {
      log.debug("A client has left (stream {}, address {})", streamId, address);
      gone();
    } catch (Throwable e) {
      // Whatever it is: no other drainer can follow this one, and the response must not stay open.
      log.warn("Cannot write to a client (stream {}, address {})", streamId, address, e);
      end(to);
    }
  }

  /** The next bytes to write, or null where this drainer has nothing more to do. */
  private Outbox.@Nullable Batch nextBatch(Connection to) {
    synchronized (lock) {
      writing = false;
      if (gone) {
        return null;
      }
      Outbox.Batch batch = state == State.ENDED ? null : outbox.take(BATCH_BYTES);
      if (batch != null) {
        writing = true;
        writingSince = ticker.nanos();
        return batch;
      }
      if (state == State.LIVE) {
        draining = false;
        return null;
      }
    }
    end(to);
    return null;
  }

  /** Only on the drainer, which stays marked as under way so that no other can follow. */
  private void end(Connection to) {
    synchronized (lock) {
      state = State.ENDED;
      early = null;
      outbox.clear();
    }
    try {
      to.end();
    } finally {
      // Afterwards, for a pod that stops waits until all are forgotten.
      leaving.forget().accept(this);
    }
  }
}
