package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamState;
import dev.waybill.platform.ScopedLock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one client and its state. Until it is live, events wait beside the outbox.
 * Afterwards they pass through the outbox to the client, by the {@link Rules}. Every method but the
 * drainer returns at once: no thread holds the lock over a write.
 */
@Slf4j
final class ClientStream {

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
   * The most bytes of one write. Less than the buffers of a socket. A larger write to a client that
   * reads very slowly would make progress for minutes; this way its frames wait and show their age.
   */
  static final int BATCH_BYTES = 32 * 1024;

  private final String id = UUID.randomUUID().toString();
  private final String caller;
  private final Transport transport;
  private final Surroundings surroundings;
  private final boolean needsEvent;
  private final long connectedAt;
  private final ScopedLock lock = new ScopedLock();

  // Guarded by lock, down to the last field.
  private final Outbox outbox;
  private final Rules rules;
  private @Nullable Outbox early;
  private State state = State.CONNECTING;
  private EndReason reason = EndReason.LEFT;
  private @Nullable Connection connection;
  private boolean draining;
  private boolean writing;
  private boolean gone;
  private boolean counted;
  private long connectedSince;
  private long writingSince;
  private long heartbeatSince;

  /** Since when a ping has no answer; null where none waits for one. */
  private @Nullable Long unansweredSince;

  private boolean withinFrame;
  private long retryMillis = RetryDelay.jitteredMillis();

  /** Watches one stream. */
  ClientStream(String streamId, String caller, Transport transport, Surroundings surroundings) {
    Outbox outbox = surroundings.limits().outbox(transport.form());
    this(
        outbox,
        new DeliveryRules(streamId, outbox, surroundings.metrics()),
        caller,
        transport,
        surroundings);
  }

  /**
   * @param rules what enters the outbox
   * @param caller who watches, as {@code access.Caller} names it
   */
  ClientStream(
      Outbox outbox, Rules rules, String caller, Transport transport, Surroundings surroundings) {
    this.outbox = outbox;
    this.rules = rules;
    this.caller = caller;
    this.transport = transport;
    this.surroundings = surroundings;
    this.needsEvent = rules instanceof JoinedRules || transport.form() == WireForm.MESSAGE;
    this.connectedAt = surroundings.clock().millis();
    this.early = surroundings.limits().outbox(transport.form());
    this.heartbeatSince = surroundings.ticker().nanos();
    outbox.add(EncodedFrame.preface(id, RetryDelay.ORDINARY_MILLIS, heartbeatSince));
  }

  /** The emitter's own ID, unique among all pods. */
  String id() {
    return id;
  }

  /** The streams that it watches; they never change. */
  List<String> streamIds() {
    return rules.streamIds();
  }

  /** Whether it needs the event beside its frame, to encode it in another way. */
  boolean needsEvent() {
    return needsEvent;
  }

  String caller() {
    return caller;
  }

  Transport transport() {
    return transport;
  }

  /** Whether nothing more is taken in. */
  boolean isEnding() {
    try (var _ = lock.hold()) {
      return state == State.ENDING || state == State.ENDED;
    }
  }

  /** Takes a live event. It leaves with the next {@link #wake}, or as soon as a write is full. */
  void deliver(EncodedFrame frame) {
    boolean overflow = false;
    boolean full = false;
    try (var _ = lock.hold()) {
      EncodedFrame.Header event = frame.event();
      if (event != null && early != null && state == State.CONNECTING) {
        overflow = early.offer(frame, event.type()) == Outbox.Offer.OVERFLOW;
      } else if (state == State.LIVE) {
        overflow = rules.accept(frame) == Outbox.Offer.OVERFLOW;
        full = outbox.holds(BATCH_BYTES);
        endIfFinished();
      }
    }
    if (overflow) {
      closeAsSlow();
    } else if (full) {
      wake();
    }
  }

  /** Starts the drainer if something waits and it does not run. */
  void wake() {
    boolean startDrainer;
    try (var _ = lock.hold()) {
      startDrainer = mustStartDrainer();
    }
    if (startDrainer) {
      surroundings.drainers().start(this::drain);
    }
  }

  /** Runs an action on the rules before any event comes. */
  void prepare(Runnable action) {
    try (var _ = lock.hold()) {
      if (state == State.CONNECTING) {
        action.run();
      }
    }
  }

  /** See {@link Rules#openAt}. */
  void openAt(String streamId, long position) {
    prepare(() -> rules.openAt(streamId, position));
  }

  /** See {@link Rules#startAfter}. */
  void startAfter(String streamId, EventId seen) {
    prepare(() -> rules.startAfter(streamId, seen));
  }

  /** Queues what the client missed, then the live events that came meanwhile, and goes live. */
  void goLive(List<EncodedFrame> missed) {
    goLiveAfter(null, missed);
  }

  /**
   * As {@link #goLive}, behind a first event.
   *
   * @param open the event that names the emitter, null for none
   */
  void goLiveAfter(@Nullable EncodedFrame open, List<EncodedFrame> missed) {
    try (var _ = lock.hold()) {
      if (state != State.CONNECTING || early == null) {
        return;
      }
      if (open != null) {
        outbox.add(open);
      }
      state = State.LIVE;
      missed.forEach(rules::acceptUnbounded);
      early.frames().forEach(rules::acceptUnbounded);
      dropEarly();
      endIfFinished();
    }
    wake();
  }

  /**
   * Queues the first event and a part of what the client missed, and ends: the client comes back
   * for the rest. No live event may follow, because it would hide the events that are left out.
   */
  void endAfter(@Nullable EncodedFrame open, List<EncodedFrame> missed, EncodedFrame goodbye) {
    try (var _ = lock.hold()) {
      if (state != State.CONNECTING) {
        return;
      }
      if (open != null) {
        outbox.add(open);
      }
      missed.forEach(rules::acceptUnbounded);
      state = State.ENDING;
      reason = EndReason.OVERTAKEN;
      retryMillis = goodbye.retryMillis();
      dropEarly();
      outbox.add(goodbye);
    }
    wake();
  }

  /** The response takes bytes from now on. */
  void connected(Connection connection) {
    try (var _ = lock.hold()) {
      this.connection = connection;
      this.connectedSince = surroundings.ticker().nanos();
    }
    wake();
  }

  /** See {@link Rules#refresh}. */
  void refresh(String streamId, StreamState now) {
    boolean overflow;
    try (var _ = lock.hold()) {
      if (state != State.LIVE) {
        return;
      }
      long nanos = surroundings.ticker().nanos();
      overflow = rules.refresh(streamId, now, nanos) == Outbox.Offer.OVERFLOW;
    }
    if (overflow) {
      closeAsSlow();
    } else {
      wake();
    }
  }

  /** Queues the comment if it is due. */
  void heartbeat(EncodedFrame comment, Duration interval) {
    try (var _ = lock.hold()) {
      boolean due = comment.bornNanos() - heartbeatSince >= interval.toNanos();
      if (!due || state != State.LIVE) {
        return;
      }
      // Moves by whole intervals: connections stay as far apart as they came, and beats do not
      // drift.
      long beats = (comment.bornNanos() - heartbeatSince) / interval.toNanos();
      heartbeatSince += beats * interval.toNanos();
      outbox.add(comment);
      if (transport == Transport.WEBSOCKET && unansweredSince == null) {
        unansweredSince = comment.bornNanos();
      }
    }
    wake();
  }

  /** The client has sent something. */
  void heard() {
    try (var _ = lock.hold()) {
      unansweredSince = null;
    }
  }

  /** Answers a ping of the client. Of several answers that wait only the newest is sent. */
  void answerPing(byte[] payload) {
    try (var _ = lock.hold()) {
      if (state != State.LIVE) {
        return;
      }
      outbox.addPong(EncodedFrame.pong(payload, surroundings.ticker().nanos()));
    }
    wake();
  }

  /** Ends without what still waits: the client has ended the conversation. */
  void endAtOnce(EndReason why) {
    try (var _ = lock.hold()) {
      if (state == State.ENDED) {
        return;
      }
      state = State.ENDING;
      reason = why;
      dropEarly();
      outbox.keepStarted();
    }
    wake();
  }

  /** Closes this client if it does not read, or does not answer. */
  void closeIfStalled() {
    boolean stalled;
    try (var _ = lock.hold()) {
      long now = surroundings.ticker().nanos();
      long maxStall = surroundings.limits().maxStall().toNanos();
      stalled =
          state != State.ENDED
              && ((writing && now - writingSince > maxStall)
                  || isSilent(now)
                  || outbox.hasWaitedLongerThan(maxStall, now));
    }
    if (stalled) {
      closeAsSlow();
    }
  }

  /** A client behind a full window needs some time to reach the ping, so it has a beat longer. */
  private boolean isSilent(long now) {
    Surroundings.Limits limits = surroundings.limits();
    return unansweredSince != null
        && now - unansweredSince > limits.maxStall().plus(limits.heartbeat()).toNanos();
  }

  /**
   * Queues an event for this connection alone.
   *
   * @return false if it is not in the outbox: the client is not live, or too slow and closed now
   */
  boolean send(StreamEvent event) {
    boolean overflow;
    try (var _ = lock.hold()) {
      if (state != State.LIVE) {
        return false;
      }
      EncodedFrame frame = EncodedFrame.direct(event, surroundings.ticker().nanos());
      EventType type = Objects.requireNonNull(frame.event()).type();
      overflow = outbox.offer(frame, type) == Outbox.Offer.OVERFLOW;
    }
    if (overflow) {
      closeAsSlow();
    } else {
      wake();
    }
    return !overflow;
  }

  /** What is known of this emitter; empty unless it is live. */
  Optional<Seen> seen() {
    try (var _ = lock.hold()) {
      return state == State.LIVE
          ? Optional.of(new Seen(connectedAt, outbox.size(), rules.lastEventId()))
          : Optional.empty();
    }
  }

  /**
   * An emitter at one moment.
   *
   * @param connectedAt in milliseconds since 1970
   * @param lastEventId of what was queued last, null where nothing was
   */
  record Seen(long connectedAt, long waitingBytes, @Nullable String lastEventId) {}

  /** Ends, because the events of a stream are numbered from a lower ID again. */
  void startOver(String streamId) {
    EncodedFrame last;
    try (var _ = lock.hold()) {
      long now = surroundings.ticker().nanos();
      last = rules.startOver(streamId, RetryDelay.jitteredMillis(), now);
    }
    endWith(last, EndReason.RESTARTED);
  }

  /**
   * Sends what waits, then the given frame, and ends.
   *
   * @return false if it was ending already
   */
  boolean endWith(EncodedFrame goodbye, EndReason why) {
    try (var _ = lock.hold()) {
      if (state == State.ENDING || state == State.ENDED) {
        return false;
      }
      state = State.ENDING;
      reason = why;
      retryMillis = goodbye.retryMillis();
      dropEarly();
      outbox.add(goodbye);
    }
    wake();
    return true;
  }

  /** The container has dropped the connection. May run under its locks: no call to it here. */
  void gone() {
    try (var _ = lock.hold()) {
      if (reason != EndReason.SLOW) {
        reason = EndReason.LEFT; // whatever was under way has not reached the client
      }
      gone = true;
      stopTaking();
    }
    forget();
  }

  private void closeAsSlow() {
    try (var _ = lock.hold()) {
      if (state == State.ENDED) {
        return;
      }
      if (state == State.CONNECTING) {
        // The client is not slow: what it missed takes too long to read. It gets its preface.
        state = State.ENDING;
        reason = EndReason.OVERTAKEN;
        dropEarly();
        long now = surroundings.ticker().nanos();
        outbox.add(EncodedFrame.goodbye(RetryDelay.jitteredMillis(), now));
        return;
      }
      reason = EndReason.SLOW;
      stopTaking();
    }
    surroundings.retire().accept(this);
    surroundings.metrics().slowClientClosed();
    log.info("Closed a slow client (streams {}, caller {})", streamIds(), caller);
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

  private void endIfFinished() {
    if (rules.isFinished() && state == State.LIVE) {
      state = State.ENDING;
      reason = EndReason.FINISHED;
    }
  }

  /** Runs on a thread that may block. Only one runs at a time, and only with a connection. */
  private void drain() {
    Connection to;
    try (var _ = lock.hold()) {
      to = Objects.requireNonNull(connection);
    }
    try {
      for (Outbox.Batch batch = nextBatch(to); batch != null; batch = nextBatch(to)) {
        to.write(batch.bytes());
        surroundings.metrics().sent(batch.events(), batch.bytes().length);
      }
    } catch (IOException e) {
      log.debug("A client has left (streams {}, caller {})", streamIds(), caller);
      writeEnded();
      gone();
    } catch (Throwable e) {
      // No other drainer can follow this one, and the response must not stay open.
      log.warn("Cannot write to a client (streams {}, caller {})", streamIds(), caller, e);
      writeEnded();
      end(to, EndReason.FAILED);
    }
  }

  /** The next bytes to write, or null if this drainer has nothing more to do. */
  private Outbox.@Nullable Batch nextBatch(Connection to) {
    EndReason why;
    try (var _ = lock.hold()) {
      writeEnded();
      if (gone) {
        return null;
      }
      Outbox.Batch batch = state == State.ENDED ? null : outbox.take(BATCH_BYTES);
      if (batch != null) {
        writing = true;
        writingSince = surroundings.ticker().nanos();
        return batch;
      }
      if (state == State.LIVE) {
        draining = false;
        return null;
      }
      why = reason;
    }
    end(to, why);
    return null;
  }

  private void writeEnded() {
    try (var _ = lock.hold()) {
      writing = false;
      outbox.written();
    }
  }

  /** Runs only on the drainer. It stays marked as running, so that no other can follow. */
  private void end(Connection to, EndReason why) {
    Connection.Ending ending;
    try (var _ = lock.hold()) {
      reason = why;
      stopTaking();
      ending = new Connection.Ending(why, retryMillis, withinFrame);
    }
    count(); // first: the end of the response may call gone()
    try {
      to.end(ending);
    } finally {
      // Last: a pod that stops waits until all clients are forgotten.
      forget();
    }
  }

  private void stopTaking() {
    state = State.ENDED;
    dropEarly();
    withinFrame |= outbox.isWithinFrame();
    outbox.clear();
  }

  private void dropEarly() {
    if (early != null) {
      early.clear();
      early = null;
    }
  }

  private void forget() {
    count();
    surroundings.forget().accept(this);
  }

  /** Counts the end once, and only if a stream was open. */
  private void count() {
    EndReason why;
    long lifetime;
    try (var _ = lock.hold()) {
      if (connection == null || counted) {
        return;
      }
      counted = true;
      why = reason;
      lifetime = surroundings.ticker().nanos() - connectedSince;
    }
    surroundings.metrics().ended(transport, why, lifetime);
  }
}
