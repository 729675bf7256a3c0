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
 * The connection of one client and its state. While the client connects, live events wait in a
 * second outbox. After that, live events pass through the client's outbox, and the {@link Rules}
 * decide which events enter this outbox. A thread, the drainer, writes the frames of the outbox to
 * the client. The methods that other classes call return immediately, because no thread holds the
 * lock during a write.
 */
@Slf4j
final class ClientStream {

  private enum State {
    /**
     * The service is reading the events that this client missed; live events wait in {@code early}.
     */
    CONNECTING,
    LIVE,
    /** The last frame is queued; no further event is accepted. */
    ENDING,
    /** The connection is closed, and no more bytes are written. */
    ENDED
  }

  /**
   * The maximum number of bytes of one write. The buffers of a socket can hold more bytes than
   * this. A larger write to a client that reads very slowly could last for minutes. With small
   * writes, the other frames wait in the outbox, and the age of these frames shows that the client
   * is slow.
   */
  static final int BATCH_BYTES = 32 * 1024;

  private final String id = UUID.randomUUID().toString();
  private final String caller;
  private final Transport transport;
  private final Surroundings surroundings;
  private final boolean needsEvent;
  private final long connectedAt;
  private final ScopedLock lock = new ScopedLock();

  // All fields from here to the last one are guarded by lock.
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

  /**
   * The time at which the oldest unanswered ping was queued, in nanoseconds; null if every ping was
   * answered.
   */
  private @Nullable Long unansweredSince;

  private boolean withinFrame;
  private long retryMillis = RetryDelay.jitteredMillis();

  /** Creates the connection of a client that watches one stream. */
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
   * @param rules decide which events enter the outbox
   * @param caller the ID of the caller that watches, in the form of {@code access.Caller}
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

  /** The ID of the emitter, unique among all pods. */
  String id() {
    return id;
  }

  /** The streams that this client watches; they never change. */
  List<String> streamIds() {
    return rules.streamIds();
  }

  /**
   * Whether this client needs the event itself in addition to the frame of the event, to encode the
   * event in another way.
   */
  boolean needsEvent() {
    return needsEvent;
  }

  String caller() {
    return caller;
  }

  Transport transport() {
    return transport;
  }

  /** Whether this client accepts no further events. */
  boolean isEnding() {
    try (var _ = lock.hold()) {
      return state == State.ENDING || state == State.ENDED;
    }
  }

  /**
   * Queues a live event. The next {@link #wake} sends the event. If the outbox holds enough bytes
   * for a full write, the drainer starts immediately.
   */
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

  /**
   * Starts the drainer, which writes frames to the client, unless it is already running or has
   * nothing to do.
   */
  void wake() {
    wake(null);
  }

  /**
   * Does the same as {@link #wake()}.
   *
   * @param round the round of writes to which this write belongs, or null for none
   */
  void wake(@Nullable WriteRound round) {
    if (!mustStartDrainer()) {
      return;
    }
    boolean started = false;
    try {
      surroundings.drainers().start(round == null ? this::drain : round.include(this::drain));
      started = true;
    } finally {
      if (!started) {
        noDrainerStarted();
      }
    }
  }

  /**
   * Called when there was no memory to start a drainer. After this call, the next event or
   * heartbeat can start the drainer.
   */
  private void noDrainerStarted() {
    try (var _ = lock.hold()) {
      draining = false;
    }
  }

  /**
   * Runs an action that sets up the rules, before any event is queued. Does nothing if the client
   * is no longer connecting.
   */
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

  /**
   * Queues the events that the client missed, then the live events that arrived while the client
   * was connecting. From then on, the client is live: it gets each new event.
   */
  void goLive(List<EncodedFrame> missed) {
    goLiveAfter(null, missed);
  }

  /**
   * Does the same as {@link #goLive}, but queues another event first.
   *
   * @param open the event that contains the emitter's ID, or null for none
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
   * Queues the first event and a part of the events that the client missed, and ends the
   * connection. The client reconnects to get the next part. No live event may be sent after this
   * part. The ID of a live event would make the client skip the missed events of the other parts.
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

  /** Passes the connection to this client. From now on, bytes can be written to it. */
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

  /** Queues a heartbeat comment if the interval since the last heartbeat has passed. */
  void heartbeat(EncodedFrame comment, Duration interval) {
    try (var _ = lock.hold()) {
      boolean due = comment.bornNanos() - heartbeatSince >= interval.toNanos();
      if (!due || state != State.LIVE) {
        return;
      }
      // Adds only whole intervals to the time of the last heartbeat, so that heartbeats do not
      // drift. Clients that connected at different times keep getting their heartbeats at different
      // times.
      long beats = (comment.bornNanos() - heartbeatSince) / interval.toNanos();
      heartbeatSince += beats * interval.toNanos();
      outbox.add(comment);
      if (transport == Transport.WEBSOCKET && unansweredSince == null) {
        unansweredSince = comment.bornNanos();
      }
    }
    wake();
  }

  /** Records that the client has sent something. This also counts as the answer to a ping. */
  void heard() {
    try (var _ = lock.hold()) {
      unansweredSince = null;
    }
  }

  /** Answers a ping of the client. If several answers wait, only the newest is sent. */
  void answerPing(byte[] payload) {
    try (var _ = lock.hold()) {
      if (state != State.LIVE) {
        return;
      }
      outbox.addPong(EncodedFrame.pong(payload, surroundings.ticker().nanos()));
    }
    wake();
  }

  /**
   * Ends the connection because the client has closed it or broken the protocol. Drops the waiting
   * frames, except the rest of a frame that was partly written.
   */
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

  /** Closes this client as slow if it does not read or does not answer pings. */
  void closeIfStalled() {
    boolean stalled;
    try (var _ = lock.hold()) {
      long now = surroundings.ticker().nanos();
      long maxStall = surroundings.limits().maxStall().toNanos();
      stalled =
          state != State.ENDED
              && ((writing && now - writingSince > maxStall)
                  || isSilent(now)
                  || (mayHaveStalled(now, maxStall) && outbox.hasWaitedLongerThan(maxStall, now)));
    }
    if (stalled) {
      closeAsSlow();
    }
  }

  /**
   * Whether the age of the waiting frames can show that the client or the service is slow. While
   * the client connects, old frames show that the service needs too long to read the missed events.
   * Right after the connect, frames can be old because the connect took so long. So the client
   * first gets the time to read these frames.
   */
  private boolean mayHaveStalled(long now, long maxStall) {
    return state == State.CONNECTING || (connection != null && now - connectedSince > maxStall);
  }

  /**
   * Whether the client has failed to answer a ping in time. The time limit for an answer is one
   * heartbeat interval longer than the time limit for writes, because the client must first read
   * the frames before the ping.
   */
  private boolean isSilent(long now) {
    Surroundings.Limits limits = surroundings.limits();
    return unansweredSince != null
        && now - unansweredSince > limits.maxStall().plus(limits.heartbeat()).toNanos();
  }

  /**
   * Queues an event for this connection alone.
   *
   * @return false if the client is not live, or if the client was too slow and is closed now.
   *     Otherwise true, even if the event is a sample that is left out because another sample waits
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

  /** The data of this emitter; empty unless it is live. */
  Optional<Seen> seen() {
    try (var _ = lock.hold()) {
      return state == State.LIVE
          ? Optional.of(new Seen(connectedAt, outbox.size(), rules.lastEventId()))
          : Optional.empty();
    }
  }

  /**
   * The data of an emitter at one moment.
   *
   * @param connectedAt in milliseconds since 1970
   * @param lastEventId the ID of the event that was queued last, or null if no event was queued
   */
  record Seen(long connectedAt, long waitingBytes, @Nullable String lastEventId) {}

  /** Ends the connection, because the events of a stream are numbered from a lower ID again. */
  void startOver(String streamId) {
    EncodedFrame last;
    try (var _ = lock.hold()) {
      long now = surroundings.ticker().nanos();
      last = rules.startOver(streamId, RetryDelay.jitteredMillis(), now);
    }
    endWith(last, EndReason.RESTARTED);
  }

  /**
   * Sends the waiting frames, then the given frame, and ends the connection.
   *
   * @return false if the connection was already ending
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

  /**
   * Called when the connection was closed, or when the client never gets one. Tomcat may hold its
   * own locks during this call, so this method never calls Tomcat.
   */
  void gone() {
    try (var _ = lock.hold()) {
      if (reason != EndReason.SLOW) {
        reason = EndReason.LEFT; // the client did not get the planned end
      }
      gone = true;
      stopTaking();
    }
    forget();
  }

  private void closeAsSlow() {
    boolean slow;
    try (var _ = lock.hold()) {
      if (state == State.ENDED) {
        return;
      }
      slow = state != State.CONNECTING;
      if (slow) {
        reason = EndReason.SLOW;
        stopTaking();
      } else {
        // The client is not slow: the service needs too long to read the events that the client
        // missed. The client still gets the first bytes of a stream.
        EncodedFrame goodbye =
            EncodedFrame.goodbye(RetryDelay.jitteredMillis(), surroundings.ticker().nanos());
        state = State.ENDING;
        reason = EndReason.OVERTAKEN;
        retryMillis = goodbye.retryMillis();
        dropEarly();
        outbox.add(goodbye);
      }
    }
    if (slow) {
      surroundings.retire().accept(this);
      surroundings.metrics().slowClientClosed();
      log.info("Closed a slow client (streams {}, caller {})", streamIds(), caller);
    }
    // A blocked write holds a lock of the emitter, so only the thread that writes may end the
    // response.
    wake();
  }

  private boolean mustStartDrainer() {
    try (var _ = lock.hold()) {
      if (connection == null || draining || gone || state == State.CONNECTING) {
        return false;
      }
      draining = state != State.LIVE || !outbox.isEmpty();
      return draining;
    }
  }

  private void endIfFinished() {
    if (rules.isFinished() && state == State.LIVE) {
      state = State.ENDING;
      reason = EndReason.FINISHED;
    }
  }

  /**
   * The drainer: writes the waiting frames to the client. Runs on a thread that may block. At most
   * one drainer runs at a time, and only after the client has a connection.
   */
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
      // The response must not stay open, because no other drainer can start after this drainer.
      log.warn("Cannot write to a client (streams {}, caller {})", streamIds(), caller, e);
      writeEnded();
      end(to, EndReason.FAILED);
    }
  }

  /**
   * Returns the next bytes to write, or null if the drainer has nothing more to do. If all bytes of
   * an ending connection are written, ends it first.
   */
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

  /**
   * Ends the response. Only the drainer calls this. The drainer stays marked as running, so that no
   * other one starts.
   */
  private void end(Connection to, EndReason why) {
    Connection.Ending ending;
    try (var _ = lock.hold()) {
      reason = why;
      stopTaking();
      ending = new Connection.Ending(why, retryMillis, withinFrame);
    }
    count(); // comes first, because the end of the response may call gone()
    try {
      to.end(ending);
    } finally {
      // Removes the client as the last step, because a pod that stops waits until all clients are
      // removed.
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

  /**
   * Counts the end of the stream in the metrics. Counts each stream only one time, and only if the
   * client had a connection.
   */
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
