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
 * The clients of one stream on this pod, and the order in which they get its events. Detects a gap
 * once for all of them. Later events are held until the missing ones, or a snapshot in their place,
 * have been delivered.
 */
final class WatchedStream {

  /** The most events that are held while a gap is filled; a snapshot then covers the oldest. */
  private static final int MAX_HELD = 512;

  /**
   * What each client adds to the time between two rounds of writes. A write costs the same for one
   * event as for ten, and it is most of what an event costs. So many clients get their events
   * gathered, while a few clients do not wait.
   */
  static final long GATHER_NANOS_PER_CLIENT = TimeUnit.MICROSECONDS.toNanos(30);

  static final long MAX_GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  /**
   * The same for rounds that carry only {@linkplain Delivery#LATEST latest values}. The next value
   * replaces the last one, so nothing is lost. However many clients watch, these rounds take only a
   * few hundredths of a core from the job. Up to 400 clients get all ten values of a second.
   */
  static final long PROGRESS_NANOS_PER_CLIENT = TimeUnit.MICROSECONDS.toNanos(250);

  static final long MAX_PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String streamId;
  private final Ticker ticker;
  private final Drainers drainers;
  private final Set<ClientStream> clients = ConcurrentHashMap.newKeySet();

  /** Taken to deliver, never by a client, so it is almost never contended. */
  private final ScopedLock delivery = new ScopedLock();

  private @Nullable EventId last; // guarded by delivery
  private boolean gap; // guarded by delivery
  private int restarts; // guarded by delivery
  private @Nullable TreeMap<EventId, StreamEvent> held; // guarded by delivery
  private long lastRound; // guarded by delivery
  private boolean roundIsPlanned; // guarded by delivery
  private long nextRound; // guarded by delivery; if one is planned

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

  /** Events up to this ID need not come live. Only the first call has an effect. */
  void startAt(EventId end) {
    try (var _ = delivery.hold()) {
      if (last == null) {
        last = end;
      }
    }
  }

  /**
   * Takes the next event. Never blocks.
   *
   * @return whether this event revealed a gap; then the caller must start to fill it
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
      // Last: if memory runs out above, the gap must not be marked, because no task would fill it.
      boolean opensGap = !gap;
      gap = true;
      return opensGap;
    }
  }

  /** Marks a gap although no later event has revealed one. */
  boolean suspectGap() {
    try (var _ = delivery.hold()) {
      boolean opensGap = !gap;
      gap = true;
      return opensGap;
    }
  }

  /** The last event that was delivered; empty where none was. */
  Optional<EventId> last() {
    try (var _ = delivery.hold()) {
      return Optional.ofNullable(last);
    }
  }

  /** The newest event that is known, delivered or held. */
  Optional<EventId> newest() {
    try (var _ = delivery.hold()) {
      return held == null || held.isEmpty()
          ? Optional.ofNullable(last)
          : Optional.of(held.lastKey());
    }
  }

  /** How often the stream was restarted: what was read before a restart must not fill it. */
  int restarts() {
    try (var _ = delivery.hold()) {
      return restarts;
    }
  }

  /**
   * Delivers the missing events and then the held ones, up to the next missing number.
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
   * Delivers events behind the last one, although an epoch may end between them, and then the held
   * ones. The caller knows that none is missing among them.
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

  /** As {@link #fill}, after a snapshot that replaces all held events up to its ID. */
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
   * Drops the held events. The next event shows the gap again, and its caller has it filled. Needs
   * no memory, because it runs after memory has run out.
   */
  void giveUpGap() {
    try (var _ = delivery.hold()) {
      held = null;
      gap = false;
    }
  }

  /** Ends all connections and drops the held events. */
  void endAll(EncodedFrame goodbye) {
    try (var _ = delivery.hold()) {
      held = null;
      gap = false;
      clients.forEach(client -> client.endWith(goodbye, EndReason.GAP));
    }
  }

  /** Ends all connections, and takes events from any ID on. */
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
    // Only now: if memory ran out on the way, the next event shows a gap. Filling it repeats this
    // event, and clients that have it already skip it.
    last = event.id();
    long next = lastRound + gatherNanos(event.type().delivery());
    if (next - now <= 0) {
      write(now);
    } else if (!roundIsPlanned || next - nextRound < 0) {
      roundIsPlanned = true;
      nextRound = next;
      drainers.startIn(next - now, () -> writeGathered(next));
    }
  }

  private long gatherNanos(Delivery delivery) {
    return delivery == Delivery.LATEST
        ? Math.min(MAX_PROGRESS_NANOS, clients.size() * PROGRESS_NANOS_PER_CLIENT)
        : Math.min(MAX_GATHER_NANOS, clients.size() * GATHER_NANOS_PER_CLIENT);
  }

  private void writeGathered(long planned) {
    try (var _ = delivery.hold()) {
      // Otherwise an earlier round has taken what waited for this one.
      if (roundIsPlanned && nextRound == planned) {
        write(ticker.nanos());
      }
    }
  }

  private void write(long now) {
    roundIsPlanned = false;
    lastRound = now;
    clients.forEach(ClientStream::wake);
  }
}
