package dev.waybill.stream;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.platform.ScopedLock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one stream on this pod. Delivers the events of the stream to these clients in
 * order. Detects a gap in the event numbers once for all clients. Holds later events back until the
 * missing events, or a snapshot that replaces the missing events, have been delivered.
 */
final class WatchedStream {

  /**
   * The maximum number of events that are held back while a gap is filled. If there are more, the
   * oldest held-back events are dropped. A dropped event is then missing too. Like the other
   * missing events, it is read from the log or replaced by a snapshot.
   */
  private static final int MAX_HELD = 512;

  /**
   * The maximum interval between the starts of two rounds of writes. Most of the cost of an event
   * is the write, and one write of ten events costs the same as one write of a single event. So the
   * next round waits until the writes of the previous round have ended. Then the round waits for
   * another half of the time that the writes of the previous round took. If the machine writes
   * faster than events arrive, events do not wait. If it does not, more events are written
   * together.
   */
  static final long MAX_GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  /**
   * The time that each client adds to the interval between two rounds that carry only {@linkplain
   * Delivery#LATEST latest values}. Each latest value replaces the previous value, so a longer
   * interval loses nothing. For any number of clients, these rounds take only a few hundredths of a
   * core from the job. Up to 400 clients get all ten values of a second.
   */
  static final long PROGRESS_NANOS_PER_CLIENT = TimeUnit.MICROSECONDS.toNanos(250);

  static final long MAX_PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String streamId;
  private final Ticker ticker;
  private final Drainers drainers;
  private final Set<ClientStream> clients = ConcurrentHashMap.newKeySet();

  /**
   * The lock that a thread holds while it delivers events. Only one drainer takes this lock in each
   * round: the drainer whose write ends last. So threads almost never wait for this lock.
   */
  private final ScopedLock delivery = new ScopedLock();

  private @Nullable EventId last; // guarded by delivery
  private boolean gap; // guarded by delivery
  private int restarts; // guarded by delivery
  private @Nullable TreeMap<EventId, StreamEvent> held; // guarded by delivery
  private long lastRound; // guarded by delivery; when the last round started
  private long gatherNanos; // guarded by delivery; from its start to the next one
  private boolean gathers; // guarded by delivery; whether more than progress waits for a round
  private int rounds; // guarded by delivery
  private boolean roundIsPlanned; // guarded by delivery
  private long nextRound; // guarded by delivery; valid if a round is planned

  WatchedStream(String streamId, Ticker ticker, Drainers drainers) {
    this.streamId = streamId;
    this.ticker = ticker;
    this.drainers = drainers;
    this.lastRound = ticker.nanos() - MAX_PROGRESS_NANOS;
  }

  String streamId() {
    return streamId;
  }

  Set<ClientStream> clients() {
    return clients;
  }

  /**
   * Sets the ID after which the live events of this stream start. Has no effect if the ID is
   * already set or an event was already delivered.
   */
  void startAt(EventId end) {
    try (var _ = delivery.hold()) {
      if (last == null) {
        last = end;
      }
    }
  }

  /**
   * Delivers the next event, or holds the event back if an earlier event is missing. Never blocks.
   *
   * @return whether this event revealed a new gap. If it did, the caller must start to fill the gap
   */
  boolean deliver(StreamEvent event) {
    try (var _ = delivery.hold()) {
      if (last != null && !event.id().isAfter(last)) {
        return false;
      }
      if (!gap && (last == null || event.follows(last))) {
        fanOut(event);
        return false;
      }
      held().put(event.id(), event);
      if (held().size() > MAX_HELD) {
        held().pollFirstEntry();
      }
      // Marks the gap as the last step. If memory runs out before this line, the gap must not be
      // marked, because no task would fill the gap.
      boolean opensGap = !gap;
      gap = true;
      return opensGap;
    }
  }

  /**
   * Marks a gap although no later event has revealed one.
   *
   * @return whether no gap was marked before
   */
  boolean suspectGap() {
    try (var _ = delivery.hold()) {
      boolean opensGap = !gap;
      gap = true;
      return opensGap;
    }
  }

  /** The last event that was delivered; empty if no event was delivered. */
  Optional<EventId> last() {
    try (var _ = delivery.hold()) {
      return Optional.ofNullable(last);
    }
  }

  /** The newest known event. The event is either delivered or held back. */
  Optional<EventId> newest() {
    try (var _ = delivery.hold()) {
      return held == null || held.isEmpty()
          ? Optional.ofNullable(last)
          : Optional.of(held.lastKey());
    }
  }

  /**
   * The number of times that the stream was restarted. Events that were read before a restart must
   * not be delivered after the restart.
   */
  int restarts() {
    try (var _ = delivery.hold()) {
      return restarts;
    }
  }

  /**
   * Delivers the missing events and then the events that were held back, up to the next missing
   * number.
   *
   * @param restarts the value of {@link #restarts()} before the events were read
   * @return whether nothing is missing now
   */
  boolean fill(int restarts, List<StreamEvent> missing) {
    try (var _ = delivery.hold()) {
      if (restarts != this.restarts) {
        return true;
      }
      missing.forEach(event -> held().put(event.id(), event));
      return release();
    }
  }

  /**
   * Delivers the given events that follow the last delivered event, even if an epoch ends between
   * two of these events. Then delivers the events that were held back. The caller guarantees that
   * no event is missing between the given events.
   *
   * @param restarts the value of {@link #restarts()} before the events were read
   * @return whether nothing is missing now
   */
  boolean catchUp(int restarts, List<StreamEvent> complete) {
    try (var _ = delivery.hold()) {
      if (restarts != this.restarts) {
        return true;
      }
      for (StreamEvent event : complete) {
        if (last == null || event.id().isAfter(last)) {
          fanOut(event);
        }
      }
      return release();
    }
  }

  /**
   * Does the same as {@link #fill} with a snapshot. The snapshot replaces all held-back events up
   * to the ID of the snapshot.
   */
  boolean replace(int restarts, List<StreamEvent> snapshotAndFinal) {
    try (var _ = delivery.hold()) {
      if (restarts != this.restarts) {
        return true;
      }
      held().headMap(snapshotAndFinal.getFirst().id(), true).clear();
      return fill(restarts, snapshotAndFinal);
    }
  }

  /**
   * Drops the events that were held back and removes the mark of the gap. The next event reveals
   * the gap again, and then the caller of {@link #deliver} starts to fill the gap. This method
   * allocates no memory, because it runs after memory has run out.
   */
  void giveUpGap() {
    try (var _ = delivery.hold()) {
      held = null;
      gap = false;
    }
  }

  /** Ends all connections and drops the events that were held back. */
  void endAll(EncodedFrame goodbye) {
    try (var _ = delivery.hold()) {
      held = null;
      gap = false;
      clients.forEach(client -> client.endWith(goodbye, EndReason.GAP));
    }
  }

  /** Ends all connections. After that, accepts an event with any ID as the next one. */
  void restart() {
    try (var _ = delivery.hold()) {
      held = null;
      gap = false;
      last = null;
      restarts++;
      clients.forEach(client -> client.startOver(streamId));
    }
  }

  private TreeMap<EventId, StreamEvent> held() {
    if (held == null) {
      held = new TreeMap<>();
    }
    return held;
  }

  private boolean release() {
    for (Map.Entry<EventId, StreamEvent> next = held().pollFirstEntry();
        next != null;
        next = held().pollFirstEntry()) {
      StreamEvent event = next.getValue();
      if (last == null || event.follows(last)) {
        fanOut(event);
      } else if (event.id().isAfter(last)) {
        held().put(event.id(), event);
        return false;
      }
    }
    held = null;
    gap = false;
    return true;
  }

  private void fanOut(StreamEvent event) {
    long now = ticker.nanos();
    EncodedFrame frame = EncodedFrame.of(event, now);
    EncodedFrame withEvent = frame.from(event);
    for (ClientStream client : clients) {
      client.deliver(client.needsEvent() ? withEvent : frame);
    }
    // Sets the last event only after all clients got the event. If memory runs out before this
    // line, the next event reveals a gap. Then the event is read and delivered again, and clients
    // that already have the event skip it.
    last = event.id();
    if (event.type().delivery() == Delivery.LATEST) {
      planRound(now, progressNanos());
    } else {
      gathers = true;
      planRound(now, gatherNanos);
    }
  }

  private long progressNanos() {
    return Math.min(MAX_PROGRESS_NANOS, clients.size() * PROGRESS_NANOS_PER_CLIENT);
  }

  private void planRound(long now, long interval) {
    long next = lastRound + interval;
    if (next - now <= 0) {
      write(now);
    } else if (!roundIsPlanned || next - nextRound < 0) {
      // Starts the task before it changes the fields. If memory runs out here, a round that is
      // already planned must stay valid.
      drainers.startIn(next - now, () -> writeGathered(next));
      roundIsPlanned = true;
      nextRound = next;
    }
  }

  private void writeGathered(long planned) {
    try (var _ = delivery.hold()) {
      // An earlier round may have written the events of this round already.
      if (roundIsPlanned && nextRound == planned) {
        write(ticker.nanos());
      }
    }
  }

  private void write(long now) {
    roundIsPlanned = false;
    gathers = false;
    lastRound = now;
    gatherNanos = MAX_GATHER_NANOS; // this value applies until the writes have ended
    int number = ++rounds;
    WriteRound round = new WriteRound(() -> written(number));
    clients.forEach(client -> client.wake(round));
    round.allStarted();
  }

  private void written(int round) {
    try (var _ = delivery.hold()) {
      if (round != rounds) {
        return;
      }
      long now = ticker.nanos();
      gatherNanos = Math.min(MAX_GATHER_NANOS, (now - lastRound) * 3 / 2);
      if (gathers) {
        planRound(now, gatherNanos);
      }
    }
  }
}
