package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * The emitters of this pod: which streams are watched here and by whom. Nobody else holds clients.
 * Thread-safe; nothing here waits for a client.
 */
@Component
public class EmitterRegistry {

  private final Map<String, WatchedStream> streams = new ConcurrentHashMap<>();
  private final Map<String, Integer> perAddress = new ConcurrentHashMap<>();

  /** Those who are told nothing any more, and whose connection still takes up a place. */
  private final Set<ClientStream> retired = ConcurrentHashMap.newKeySet();

  private final AtomicInteger open = new AtomicInteger();
  private final StreamProperties properties;
  private final FillGap fillGap;
  private final Ticker ticker;
  private final Drainers drainers;
  private final StreamMetrics metrics;
  private final Object emptied = new Object();
  private volatile boolean closed;
  private volatile Ownership ownership = new Alone();

  EmitterRegistry(
      StreamProperties properties,
      FillGap fillGap,
      Ticker ticker,
      Drainers drainers,
      StreamMetrics metrics) {
    this.properties = properties;
    this.fillGap = fillGap;
    this.ticker = ticker;
    this.drainers = drainers;
    this.metrics = metrics;
    metrics.gaugeEmitters(open::get);
  }

  /** Has every emitter that is taken in or let go from now on told to the given ownership. */
  public void tell(Ownership ownership) {
    this.ownership = ownership;
  }

  /**
   * Delivers an event to the clients of this pod, and to nobody else. Returns at once. Events that
   * were delivered before are left out; where numbers are missing, the event waits until they have
   * been read from the log, or a snapshot from the database. Events of one stream must come in
   * order from any one source.
   */
  public void deliver(StreamEvent event) {
    WatchedStream stream = streams.get(event.streamId());
    if (stream != null && stream.deliver(event)) {
      fill(stream);
    }
  }

  /**
   * Reads from the log, on a thread of its own, what the clients of a stream have missed, if
   * anything: for a pod that may have lost the newest events. No effect on an unwatched stream.
   */
  public void catchUp(String streamId) {
    WatchedStream stream = streams.get(streamId);
    if (stream != null && stream.suspectGap()) {
      fill(stream);
    }
  }

  /**
   * Sends the clients of a stream away, for its events are numbered from a lower ID again. They are
   * made to forget the last ID that they have seen, and come back to a snapshot.
   */
  public void restart(String streamId) {
    WatchedStream stream = streams.get(streamId);
    if (stream != null) {
      stream.restart(() -> Frame.forgetId(RetryDelay.jitteredMillis(), ticker.nanos()));
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
   * Shows the clients of a stream its state, each under the ID that it has seen last: for as long
   * as events cannot come. Left out for those who have seen a later state.
   */
  public void refresh(String streamId, StreamState now) {
    WatchedStream stream = streams.get(streamId);
    if (stream != null) {
      stream.clients().forEach(client -> client.refresh(now));
    }
  }

  /** The streams that have clients here now. */
  public Set<String> watched() {
    return Set.copyOf(streams.keySet());
  }

  /** The last event that the clients of a stream got live here; empty where none was. */
  public Optional<EventId> lastDelivered(String streamId) {
    return Optional.ofNullable(streams.get(streamId)).flatMap(WatchedStream::last);
  }

  /** The IDs of the emitters that a stream has here now. */
  public List<String> emittersOf(String streamId) {
    WatchedStream stream = streams.get(streamId);
    return stream == null ? List.of() : stream.clients().stream().map(ClientStream::id).toList();
  }

  /** How many clients a stream has here. */
  public int clientsOf(String streamId) {
    WatchedStream stream = streams.get(streamId);
    return stream == null ? 0 : stream.clients().size();
  }

  /**
   * Takes a client in; live events reach it from now on.
   *
   * @return false where it is refused: too many, or shutting down
   */
  boolean register(ClientStream client) {
    if (open.incrementAndGet() > properties.maxEmitters()) {
      open.decrementAndGet();
      return false;
    }
    if (perAddress.merge(client.address(), 1, Integer::sum) > properties.maxPerAddress()) {
      release(client.address());
      return false;
    }
    streams.compute(
        client.streamId(),
        (id, stream) -> {
          WatchedStream watched = stream == null ? new WatchedStream(id, ticker, drainers) : stream;
          watched.clients().add(client);
          return watched;
        });
    ownership.claim(client.streamId(), client.id());
    // Asked last: whoever registers while the registry closes is either seen by it, or sees this.
    if (closed) {
      forget(client);
      return false;
    }
    return true;
  }

  /**
   * Tells a client nothing any more. Its place is taken until it is {@linkplain #forget forgotten}:
   * who reads a byte now and then keeps the last write to it going, and would else hold as many
   * connections as it likes.
   */
  void retire(ClientStream client) {
    remove(client, () -> retired.add(client));
  }

  /** Lets a client go; any number of times, under any lock. */
  void forget(ClientStream client) {
    if (remove(client, () -> {}) || retired.remove(client)) {
      release(client.address());
    }
  }

  /**
   * @param before runs before anyone can see that the client is not there any more
   * @return whether it was there
   */
  private boolean remove(ClientStream client, Runnable before) {
    boolean[] held = {false};
    streams.computeIfPresent(
        client.streamId(),
        (id, stream) -> {
          held[0] = stream.clients().contains(client);
          if (held[0]) {
            before.run();
            stream.clients().remove(client);
          }
          return stream.clients().isEmpty() ? null : stream;
        });
    if (held[0]) {
      ownership.release(client.streamId(), client.id());
    }
    return held[0];
  }

  private void release(String address) {
    perAddress.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
    if (open.decrementAndGet() == 0 && closed) {
      synchronized (emptied) {
        emptied.notifyAll();
      }
    }
  }

  /** Tells a stream where live events begin; see {@link WatchedStream#startAt}. */
  void startAt(String streamId, EventId end) {
    WatchedStream stream = streams.get(streamId);
    if (stream != null) {
      stream.startAt(end);
    }
  }

  void forEachClient(Consumer<ClientStream> action) {
    streams.values().forEach(stream -> stream.clients().forEach(action));
  }

  /** Takes clients in (again). */
  void open() {
    closed = false;
  }

  /**
   * Refuses new clients and sends those who are here away, each with a {@code retry:} of its own.
   */
  void close() {
    closed = true;
    forEachClient(
        client -> client.endWith(Frame.goodbye(RetryDelay.jitteredMillis(), ticker.nanos())));
  }

  /** Waits until no client is left, at most so long. */
  void awaitEmpty(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (emptied) {
      for (long left = atMost.toMillis(); open.get() > 0 && left > 0; ) {
        emptied.wait(left);
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    }
  }
}
