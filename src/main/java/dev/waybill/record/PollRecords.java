package dev.waybill.record;

import dev.waybill.event.EventBroadcast;
import dev.waybill.event.EventId;
import dev.waybill.event.Pod;
import dev.waybill.event.StreamEvent;
import dev.waybill.platform.OutageLog;
import dev.waybill.platform.ScopedLock;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import lombok.Locked;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Polls the records that this pod has claimed, and publishes their changes. Stops polling a record
 * when the record is complete or no longer exists. Also stops when the record has had no watchers
 * for a minute, or when another pod has claimed it.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class PollRecords {

  /** The time for which a record is still polled after its last watcher has left. */
  static final Duration UNWATCHED = Duration.ofMinutes(1);

  /**
   * The time between two checks whether a record is watched. In a cluster, each check is a request
   * to Redis.
   */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final int THREADS = 16;

  private final RecordStore store;
  private final ReadRecord readRecord;
  private final RecordMetrics metrics;
  private final EventBroadcast broadcast;
  private final OutageLog outages;
  private final JsonMapper json;
  private final Pod self;

  private final Map<String, Poller> pollers = new ConcurrentHashMap<>();
  private final ScopedLock lock = new ScopedLock();
  private @Nullable ScheduledExecutorService threads; // guarded by lock
  private boolean stopped; // guarded by lock

  /** One record that this pod polls. Only one thread at a time uses this object. */
  private static final class Poller {

    final RecordName name;
    final RecordKind kind;
    StoredRecord stored;
    JsonNode record;
    long renewedAt = System.nanoTime();
    long watchedAt = System.nanoTime();
    long lookedAt = System.nanoTime();

    Poller(RecordName name, RecordKind kind, StoredRecord stored, JsonNode record) {
      this.name = name;
      this.kind = kind;
      this.stored = stored;
      this.record = record;
    }
  }

  /** Starts to poll a record that this pod has just claimed. */
  void start(StoredRecord claimed, RecordName name, RecordKind kind) {
    Poller poller = new Poller(name, kind, claimed, json.readTree(claimed.body()));
    pollers.put(name.streamId(), poller);
    next(poller);
  }

  boolean polls(String streamId) {
    return pollers.containsKey(streamId);
  }

  /** Runs an action that may block on a source. */
  void run(Runnable action) {
    threads().execute(action);
  }

  private void next(Poller poller) {
    try {
      threads()
          .schedule(() -> round(poller), poller.kind.interval().toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("This pod stops; another one polls {}", poller.name.kind(), e);
    }
  }

  /** The polling threads. These threads are created when the first record is polled. */
  @Locked("lock")
  private ScheduledExecutorService threads() {
    if (stopped) {
      throw new RejectedExecutionException("stopped");
    }
    ScheduledExecutorService made = threads;
    if (made == null) {
      made =
          new ScheduledThreadPoolExecutor(
              THREADS, Thread.ofPlatform().name("record-poll-", 1).daemon().factory());
      threads = made;
    }
    return made;
  }

  private void round(Poller poller) {
    boolean goesOn = false;
    try {
      goesOn = isWatched(poller) && poll(poller);
    } catch (IOException | SQLException e) {
      goesOn = renew(poller); // already logged; the next round reads the record again
    } catch (DataAccessException e) {
      outages.report("record-store", "Cannot store what was read of a record", e);
      goesOn = true; // if this pod has lost the lease, the next write detects it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.warn("Polling failed (kind {})", poller.name.kind(), e);
      goesOn = true;
    }
    if (goesOn) {
      next(poller);
    } else {
      pollers.remove(poller.name.streamId(), poller);
    }
  }

  /**
   * Whether a client watches the record or has watched it within the last minute. If no client has,
   * releases the lease on the record.
   */
  private boolean isWatched(Poller poller) {
    long now = System.nanoTime();
    if (now - poller.lookedAt > LOOK.toNanos()) {
      poller.lookedAt = now;
      if (broadcast.watchers(poller.name.streamId()) > 0) {
        poller.watchedAt = now;
      }
    }
    if (now - poller.watchedAt <= UNWATCHED.toNanos()) {
      return true;
    }
    store.release(poller.stored.streamId(), poller.stored.epoch());
    return false;
  }

  /**
   * Reads the record one time and publishes its changes. Returns whether this pod must poll the
   * record again.
   */
  private boolean poll(Poller poller) throws IOException, SQLException, InterruptedException {
    Optional<JsonNode> read = readRecord.read(poller.name, poller.kind);
    StoredRecord before = poller.stored;
    if (read.isEmpty()) {
      StoredRecord vanished = before.with(before.sequence() + 1, before.body(), StoredRecord.ERROR);
      return advance(poller, vanished, List.of()) && vanished.end() == null;
    }
    JsonNode now = read.get();
    List<String> changed = RecordKind.changed(poller.record, now);
    if (changed.isEmpty()) {
      metrics.polled(RecordMetrics.Result.UNCHANGED);
      return renew(poller);
    }
    metrics.polled(RecordMetrics.Result.CHANGED);
    boolean done = poller.kind.isDone(now);
    EventId id = new EventId(before.epoch(), before.sequence() + 1);
    StoredRecord after =
        before.with(
            id.sequence() + (done ? 1 : 0), now.toString(), done ? StoredRecord.COMPLETE : null);
    boolean stored =
        advance(
            poller, after, List.of(before.event(id, StoredRecord.CHANGE, change(now, changed))));
    poller.record = now;
    return stored && !done;
  }

  private String change(JsonNode record, List<String> changed) {
    ObjectNode data = json.createObjectNode();
    data.set("record", record);
    data.set("changed", json.valueToTree(changed));
    return data.toString();
  }

  /**
   * Stores the record before it publishes the events. If the events were published first, a pod
   * that takes the record over could publish the same events again. Returns false if another pod
   * polls the record now.
   */
  private boolean advance(Poller poller, StoredRecord after, List<StreamEvent> events) {
    if (!store.advance(after, poller.kind.lease())) {
      return false;
    }
    poller.stored = after;
    poller.renewedAt = System.nanoTime();
    List<StreamEvent> all = new ArrayList<>(events);
    StreamEvent last = after.finalEvent();
    if (last != null) {
      all.add(last);
    }
    broadcast.broadcast(all);
    return true;
  }

  /**
   * Renews the lease on the record if at least a third of the lease's time is over. Returns false
   * if another pod polls the record now.
   */
  private boolean renew(Poller poller) {
    long now = System.nanoTime();
    if (now - poller.renewedAt < poller.kind.lease().toNanos() / 3) {
      return true;
    }
    try {
      if (!store.advance(poller.stored, poller.kind.lease())) {
        return false;
      }
      poller.renewedAt = now;
    } catch (DataAccessException e) {
      outages.report("record-store", "Cannot renew the lease of a record", e);
    }
    return true;
  }

  /** Releases all leases, so that other pods can poll the records of this pod immediately. */
  @PreDestroy
  void stop() {
    ScheduledExecutorService running;
    try (var _ = lock.hold()) {
      stopped = true;
      running = threads;
    }
    if (running == null) {
      return;
    }
    running.shutdownNow();
    pollers.clear();
    try {
      store.releaseAll(self.id());
    } catch (DataAccessException e) {
      outages.report("record-store", "Cannot release the records of this pod", e);
    }
  }
}
