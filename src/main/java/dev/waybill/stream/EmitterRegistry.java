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
 * The emitters of this pod. An emitter is the connection of one watching client. The registry
 * stores which clients watch which streams on this pod. No other class stores clients. Thread-safe;
 * only {@link #awaitEmpty} waits for clients.
 */
@Component
public class EmitterRegistry {

  private final Map<String, WatchedStream> streams = new ConcurrentHashMap<>();

  /** All clients that still get events, by emitter ID. */
  private final Map<String, ClientStream> emitters = new ConcurrentHashMap<>();

  private final Map<String, Integer> perCaller = new ConcurrentHashMap<>();

  /**
   * Clients that get no more events, but whose connections are still open and count against the
   * limits.
   */
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

  /** Makes the registry report each emitter that is added or removed to {@code ownership}. */
  public void reportTo(Ownership ownership) {
    this.ownership = ownership;
  }

  /**
   * Delivers an event to the clients of this pod only. Returns immediately. Skips an event that was
   * delivered before. If the numbers of earlier events are missing, the event waits until the log
   * or a snapshot from the database has filled the gap. Each source must deliver the events of one
   * stream in order.
   */
  public void deliver(StreamEvent event) {
    WatchedStream stream = streams.get(event.streamId());
    if (stream != null && stream.deliver(event)) {
      fill(stream);
    }
  }

  /**
   * Reads from the log all events that the clients of a stream have missed, and delivers them.
   * Works on a separate thread. Callers use this method when this pod may have missed the newest
   * events. Has no effect on a stream without clients.
   */
  public void catchUp(String streamId) {
    WatchedStream stream = streams.get(streamId);
    if (stream != null && stream.suspectGap()) {
      fill(stream);
    }
  }

  /**
   * Ends the connections of a stream whose events are numbered from a lower ID again. The clients
   * forget the last ID that they have seen, and get a snapshot when they reconnect.
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
        stream.giveUpGap(); // no memory is left for a thread; the next event detects the gap again
      }
    }
  }

  /**
   * Sends the current state of a stream to its clients. Callers use this method while events cannot
   * reach this pod. The ID of the state is the last ID that the client saw, or the ID of the last
   * event that the state is known to contain. Skips clients that have seen a later state.
   */
  public void refresh(String streamId, StreamState now) {
    WatchedStream stream = streams.get(streamId);
    if (stream != null) {
      stream.clients().forEach(client -> client.refresh(streamId, now));
    }
  }

  /** The IDs of all streams that currently have clients on this pod. */
  public Set<String> watched() {
    return Set.copyOf(streams.keySet());
  }

  /**
   * The last event that was delivered live to a stream's clients on this pod; empty if no event was
   * delivered.
   */
  public Optional<EventId> lastDelivered(String streamId) {
    return Optional.ofNullable(streams.get(streamId)).flatMap(WatchedStream::last);
  }

  /** The IDs of the emitters of a stream on this pod. */
  public List<String> emittersOf(String streamId) {
    WatchedStream stream = streams.get(streamId);
    return stream == null ? List.of() : stream.clients().stream().map(ClientStream::id).toList();
  }

  /** The number of clients on this pod that still get events. */
  int size() {
    return emitters.size();
  }

  /** The emitter with this ID, if it is on this pod. */
  Optional<ClientStream> emitter(String id) {
    return Optional.ofNullable(emitters.get(id));
  }

  /**
   * The emitters in the order of their IDs. If {@code streamId} is given, only the emitters of that
   * stream. If {@code after} is given, only emitters with a higher ID.
   */
  List<ClientStream> emitters(@Nullable String streamId, @Nullable String after) {
    WatchedStream stream = streamId == null ? null : streams.get(streamId);
    Collection<ClientStream> all =
        streamId == null ? emitters.values() : stream == null ? Set.of() : stream.clients();
    return all.stream()
        .filter(client -> after == null || client.id().compareTo(after) > 0)
        .sorted(Comparator.comparing(ClientStream::id))
        .toList();
  }

  /** The number of clients of a stream on this pod. */
  public int clientsOf(String streamId) {
    WatchedStream stream = streams.get(streamId);
    return stream == null ? 0 : stream.clients().size();
  }

  /**
   * Adds a client. From now on, live events reach the client. Can block for a short time.
   *
   * @return false if the client is refused because there are too many clients or the pod is
   *     shutting down
   */
  boolean register(ClientStream client) {
    if (!takePlace(client)) {
      return false;
    }
    boolean registered = false;
    try {
      add(client);
      // Reads the flag after the client was added. So if a client registers during the shutdown,
      // either the shutdown finds the client, or this method refuses the client.
      registered = !closed;
    } finally {
      if (!registered) {
        forget(client);
      }
    }
    return registered;
  }

  /**
   * Counts a client against the limits, and adds it to the emitters. If the client is refused, or
   * if an exception is thrown, the counters are restored.
   */
  private boolean takePlace(ClientStream client) {
    count(client.transport()).incrementAndGet();
    int all = open.incrementAndGet();
    int ofCaller = perCaller.merge(client.caller(), 1, Integer::sum);
    Caller caller = new Caller(client.caller());
    boolean taken = false;
    try {
      taken =
          all <= limits.maxEmitters()
              && ofCaller <= limits.mostOf(caller)
              && atOnce.tryTake(AtOnce.EMITTERS, caller, client.id());
      if (taken) {
        emitters.put(client.id(), client);
      }
    } finally {
      if (!taken) {
        release(client);
      }
    }
    return taken;
  }

  private void add(ClientStream client) {
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
  }

  /**
   * Stops delivering events to this client. The connection still counts against the limits until
   * {@link #forget} removes the client. Otherwise a client that reads one byte at a time could open
   * any number of connections.
   */
  void retire(ClientStream client) {
    remove(client, () -> retired.add(client));
  }

  /**
   * Removes a client. Callers may call this method any number of times, and while they hold a lock.
   */
  void forget(ClientStream client) {
    if (remove(client, () -> {}) || retired.remove(client)) {
      atOnce.giveBack(AtOnce.EMITTERS, new Caller(client.caller()), client.id());
      release(client);
    }
  }

  /**
   * Removes a client from the emitters and the streams.
   *
   * @param before runs before any thread can see that the client is removed
   * @return whether the client was one of the clients that get events
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

  /**
   * Sets the ID after which the live events of a stream start; see {@link WatchedStream#startAt}.
   */
  void startAt(String streamId, EventId end) {
    WatchedStream stream = streams.get(streamId);
    if (stream != null) {
      stream.startAt(end);
    }
  }

  void forEachClient(Consumer<ClientStream> action) {
    emitters.values().forEach(action);
  }

  /** Accepts clients again after a {@link #close}. */
  void open() {
    closed = false;
  }

  /**
   * Refuses new clients and ends all streams. Each client gets its own random {@code retry:} delay.
   */
  void close() {
    closed = true;
    forEachClient(
        client ->
            client.endWith(
                EncodedFrame.goodbye(RetryDelay.jitteredMillis(), ticker.nanos()),
                EndReason.SHUTDOWN));
  }

  /** Waits until no client is left, but not longer than the given time. */
  void awaitEmpty(Duration atMost) throws InterruptedException {
    try (var _ = ends.hold()) {
      for (long left = atMost.toNanos(); open.get() > 0 && left > 0; ) {
        left = emptied.awaitNanos(left);
      }
    }
  }
}
