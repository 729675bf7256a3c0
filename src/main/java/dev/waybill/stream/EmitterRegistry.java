package dev.waybill.stream;

import dev.waybill.access.AtOnce;
import dev.waybill.access.Caller;
import dev.waybill.access.LimitAtOnce;
import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamState;
import dev.waybill.platform.ScopedLock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The emitters of this pod: which streams are watched here, and by which clients. No other class
 * keeps clients. Thread-safe; nothing here waits for a client.
 */
@Component
public class EmitterRegistry {

  private final Map<String, WatchedStream> streams = new ConcurrentHashMap<>();

  /** All that are delivered to, by emitter ID. */
  private final Map<String, ClientStream> emitters = new ConcurrentHashMap<>();

  private final Map<String, Integer> perCaller = new ConcurrentHashMap<>();

  /** Clients that get nothing more, but whose connections still count. */
  private final Set<ClientStream> retired = ConcurrentHashMap.newKeySet();

  private final AtomicInteger open = new AtomicInteger();
  private final Map<Transport, AtomicInteger> byTransport = new EnumMap<>(Transport.class);
  private final StreamLimits limits;
  private final LimitAtOnce atOnce;
  private final FillGap fillGap;
  private final Ticker ticker;
  private final Drainers drainers;
  private final StreamMetrics metrics;
  private final ScopedLock ends = new ScopedLock();
  private final Condition emptied = ends.newCondition();
  private volatile boolean closed;
  private volatile Ownership ownership = new NoOwnership();

  EmitterRegistry(
      StreamLimits limits,
      LimitAtOnce atOnce,
      FillGap fillGap,
      Ticker ticker,
      Drainers drainers,
      StreamMetrics metrics) {
    this.limits = limits;
    this.atOnce = atOnce;
    this.fillGap = fillGap;
    this.ticker = ticker;
    this.drainers = drainers;
    this.metrics = metrics;
    for (Transport transport : Transport.values()) {
      AtomicInteger count = new AtomicInteger();
      byTransport.put(transport, count);
      metrics.gaugeEmitters(transport, count::get);
    }
  }

  /** From now on reports every emitter that comes or goes to the given ownership. */
  public void reportTo(Ownership ownership) {
    this.ownership = ownership;
  }

  /**
   * Delivers an event to the clients of this pod only. Returns at once. Skips an event that was
   * delivered before. If numbers are missing, the event waits until the log or a snapshot from the
   * database has filled the gap. Each source must deliver the events of one stream in order.
   */
  public void deliver(StreamEvent event) {
    WatchedStream stream = streams.get(event.streamId());
    if (stream != null && stream.deliver(event)) {
      fill(stream);
    }
  }

  /**
   * Reads from the log, on a thread of its own, whatever the clients of a stream have missed. For a
   * pod that may have lost the newest events. Has no effect on an unwatched stream.
   */
  public void catchUp(String streamId) {
    WatchedStream stream = streams.get(streamId);
    if (stream != null && stream.suspectGap()) {
      fill(stream);
    }
  }

  /**
   * Ends the connections of a stream whose events are numbered from a lower ID again. The clients
   * forget the last ID that they have seen, and come back to a snapshot.
   */
  public void restart(String streamId) {
    WatchedStream stream = streams.get(streamId);
    if (stream != null) {
      stream.restart();
    }
  }

  private void fill(WatchedStream stream) {
    metrics.gap();
    boolean started = false;
    try {
      Thread.startVirtualThread(() -> fillGap.fill(stream));
      started = true;
    } finally {
      if (!started) {
        stream.giveUpGap(); // no memory for a thread; the next event tries again
      }
    }
  }

  /**
   * Sends the state of a stream to its clients while events cannot come, each under the ID that the
   * client saw last. Skips clients that have seen a later state.
   */
  public void refresh(String streamId, StreamState now) {
    WatchedStream stream = streams.get(streamId);
    if (stream != null) {
      stream.clients().forEach(client -> client.refresh(streamId, now));
    }
  }

  /** The streams that have clients here now. */
  public Set<String> watched() {
    return Set.copyOf(streams.keySet());
  }

  /** The last event that was delivered live to a stream's clients here; empty if none was. */
  public Optional<EventId> lastDelivered(String streamId) {
    return Optional.ofNullable(streams.get(streamId)).flatMap(WatchedStream::last);
  }

  /** The IDs of the emitters that a stream has here now. */
  public List<String> emittersOf(String streamId) {
    WatchedStream stream = streams.get(streamId);
    return stream == null ? List.of() : stream.clients().stream().map(ClientStream::id).toList();
  }

  /** How many clients are watching here. */
  int size() {
    return emitters.size();
  }

  /** The emitter with this ID, if this pod holds it. */
  Optional<ClientStream> emitter(String id) {
    return Optional.ofNullable(emitters.get(id));
  }

  /** The emitters behind an ID, or all; those of one stream, or of all. In the order of the IDs. */
  List<ClientStream> emitters(@Nullable String streamId, @Nullable String after) {
    WatchedStream stream = streamId == null ? null : streams.get(streamId);
    Collection<ClientStream> all =
        streamId == null ? emitters.values() : stream == null ? Set.of() : stream.clients();
    return all.stream()
        .filter(client -> after == null || client.id().compareTo(after) > 0)
        .sorted(Comparator.comparing(ClientStream::id))
        .toList();
  }

  /** How many clients a stream has here. */
  public int clientsOf(String streamId) {
    WatchedStream stream = streams.get(streamId);
    return stream == null ? 0 : stream.clients().size();
  }

  /**
   * Adds a client; live events reach it from now on. May wait for a short time.
   *
   * @return false if it is refused: there are too many, or the pod is shutting down
   */
  boolean register(ClientStream client) {
    count(client.transport()).incrementAndGet();
    int all = open.incrementAndGet();
    int ofCaller = perCaller.merge(client.caller(), 1, Integer::sum);
    Caller caller = new Caller(client.caller());
    if (all > limits.maxEmitters()
        || ofCaller > limits.mostOf(caller)
        || !atOnce.tryTake(AtOnce.EMITTERS, caller, client.id())) {
      release(client);
      return false;
    }
    emitters.put(client.id(), client);
    for (String streamId : client.streamIds()) {
      streams.compute(
          streamId,
          (id, stream) -> {
            WatchedStream watched =
                stream == null ? new WatchedStream(id, ticker, drainers) : stream;
            watched.clients().add(client);
            return watched;
          });
    }
    ownership.claim(client.streamIds(), client.id());
    // Read last: a client that registers while the registry closes is seen by it, or sees this.
    if (closed) {
      forget(client);
      return false;
    }
    return true;
  }

  /**
   * Stops delivering to this client but counts its connection until it is {@linkplain #forget
   * forgotten}. Otherwise a client that reads one byte at a time could open any number of
   * connections.
   */
  void retire(ClientStream client) {
    remove(client, () -> retired.add(client));
  }

  /** Removes a client. May be called any number of times, under any lock. */
  void forget(ClientStream client) {
    if (remove(client, () -> {}) || retired.remove(client)) {
      atOnce.giveBack(AtOnce.EMITTERS, new Caller(client.caller()), client.id());
      release(client);
    }
  }

  /**
   * @param before runs before any thread can see that the client is gone
   * @return whether it was there
   */
  private boolean remove(ClientStream client, Runnable before) {
    boolean[] held = {false};
    emitters.computeIfPresent(
        client.id(),
        (id, emitter) -> {
          before.run();
          held[0] = true;
          return null;
        });
    if (!held[0]) {
      return false;
    }
    for (String streamId : client.streamIds()) {
      streams.computeIfPresent(
          streamId,
          (id, stream) -> {
            stream.clients().remove(client);
            return stream.clients().isEmpty() ? null : stream;
          });
    }
    ownership.release(client.streamIds(), client.id());
    return true;
  }

  private AtomicInteger count(Transport transport) {
    return Objects.requireNonNull(byTransport.get(transport));
  }

  private void release(ClientStream client) {
    count(client.transport()).decrementAndGet();
    perCaller.computeIfPresent(client.caller(), (caller, count) -> count == 1 ? null : count - 1);
    if (open.decrementAndGet() == 0 && closed) {
      try (var _ = ends.hold()) {
        emptied.signalAll();
      }
    }
  }

  /** Sets where the live events of a stream start; see {@link WatchedStream#startAt}. */
  void startAt(String streamId, EventId end) {
    WatchedStream stream = streams.get(streamId);
    if (stream != null) {
      stream.startAt(end);
    }
  }

  void forEachClient(Consumer<ClientStream> action) {
    emitters.values().forEach(action);
  }

  /** Accepts clients (again). */
  void open() {
    closed = false;
  }

  /** Refuses new clients and ends all streams, each with a {@code retry:} of its own. */
  void close() {
    closed = true;
    forEachClient(
        client ->
            client.endWith(
                EncodedFrame.goodbye(RetryDelay.jitteredMillis(), ticker.nanos()),
                EndReason.SHUTDOWN));
  }

  /** Waits until no client is left, at most for the given time. */
  void awaitEmpty(Duration atMost) throws InterruptedException {
    try (var _ = ends.hold()) {
      for (long left = atMost.toNanos(); open.get() > 0 && left > 0; ) {
        left = emptied.awaitNanos(left);
      }
    }
  }
}
