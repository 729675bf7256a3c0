package dev.waybill.cluster;

import dev.waybill.event.EventId;
import dev.waybill.event.Pod;
import dev.waybill.stream.EmitterRegistry;
import dev.waybill.stream.Ownership;
import dev.waybill.stream.StreamProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lombok.extern.slf4j.Slf4j;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Keeps this pod's part of the directory in Redis: its address, and a claim for each emitter it
 * holds. All of that is written on one thread, so that a claim and its release never cross; nobody
 * else waits for Redis but a connecting client for its own claim, and that shortly.
 *
 * <p>The emitter registry has the truth. Changes are told to Redis as they come; every round writes
 * the whole anew, and compares the log's end with what was delivered here.
 */
@Slf4j
@Component
@Profile("cluster")
class Directory implements Ownership {

  private static final Duration ANNOUNCE_EVERY = Duration.ofSeconds(5);
  private static final Duration ROUND_AT_LEAST_EVERY = Duration.ofSeconds(15);

  /** A little more than one call to Redis may take. */
  private static final Duration CLAIM_PATIENCE = Duration.ofMillis(700);

  private static final Duration FORWARD_TIME = Duration.ofMillis(500);

  private final EmitterRegistry registry;
  private final Claims claims;
  private final PodAddresses addresses;
  private final ShowQuietStreams quietStreams;
  private final ClusterMetrics metrics;
  private final Pod self;
  private final Duration roundEvery;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("cluster-directory").daemon().factory());

  private final Object pendingLock = new Object();
  private Map<String, Pending> pending = new LinkedHashMap<>(); // guarded by pendingLock
  private volatile boolean left;

  /** Streams on which this pod may have claims. Used only by the directory's thread. */
  private final Set<String> claimed = new HashSet<>();

  /** Changes of one stream that Redis has not been told yet. */
  private record Pending(List<Claims.Change> changes, CompletableFuture<Void> told) {
    Pending() {
      this(new ArrayList<>(), new CompletableFuture<>());
    }
  }

  Directory(
      EmitterRegistry registry,
      Claims claims,
      PodAddresses addresses,
      ShowQuietStreams quietStreams,
      StreamProperties streams,
      ClusterMetrics metrics,
      Pod self) {
    this.registry = registry;
    this.claims = claims;
    this.addresses = addresses;
    this.quietStreams = quietStreams;
    this.metrics = metrics;
    this.self = self;
    this.roundEvery =
        streams.heartbeat().compareTo(ROUND_AT_LEAST_EVERY) < 0
            ? streams.heartbeat()
            : ROUND_AT_LEAST_EVERY;
    registry.tell(this);
  }

  /** Enters this pod, and goes on trying where Redis fails. */
  void join() {
    addresses.announce();
    every(ANNOUNCE_EVERY, this::announce);
    every(roundEvery, this::round);
  }

  /** Takes all claims and the address back, and writes nothing more. Blocks for some seconds. */
  void leave() {
    left = true;
    CompletableFuture<Void> gone =
        CompletableFuture.runAsync(
            () -> {
              addresses.withdraw();
              claimed.addAll(registry.watched());
              claimed.forEach(streamId -> claims.remove(streamId, self.id()));
              claimed.clear();
            },
            thread);
    await(gone, Duration.ofSeconds(5));
    thread.shutdownNow();
  }

  @Override
  public void claim(String streamId, String emitterId) {
    // Live events must find their way here before the log's end is read, or those in between would
    // be missed. Without Redis there is no way, and the next round mends it.
    tell(streamId, new Claims.Change(emitterId, true))
        .ifPresent(told -> await(told, CLAIM_PATIENCE));
  }

  @Override
  public void release(String streamId, String emitterId) {
    tell(streamId, new Claims.Change(emitterId, false));
  }

  /** Corrects what Redis has of a stream that another pod believed to be watched here. */
  void correct(String streamId) {
    onThread(() -> renew(Set.of(streamId)));
  }

  /** Removes what a pod that is no more has left on some streams. */
  void buryIfDead(String podId, Collection<String> streamIds) {
    List<String> streams = List.copyOf(streamIds);
    onThread(
        () -> {
          if (!podId.equals(self.id()) && addresses.deadAmong(List.of(podId)).contains(podId)) {
            streams.forEach(streamId -> claims.remove(streamId, podId));
          }
        });
  }

  private Optional<CompletableFuture<Void>> tell(String streamId, Claims.Change change) {
    CompletableFuture<Void> told;
    boolean wake;
    synchronized (pendingLock) {
      if (left) {
        return Optional.empty();
      }
      wake = pending.isEmpty();
      Pending changes = pending.computeIfAbsent(streamId, id -> new Pending());
      changes.changes().add(change);
      told = changes.told();
    }
    if (wake) {
      onThread(this::tellPending);
    }
    return Optional.of(told);
  }

  private void tellPending() {
    Map<String, Pending> taken;
    synchronized (pendingLock) {
      taken = pending;
      pending = new LinkedHashMap<>();
    }
    taken.forEach(
        (streamId, changes) -> {
          try {
            claimed.add(streamId);
            claims.change(streamId, changes.changes());
          } finally {
            changes.told().complete(null);
          }
        });
  }

  private void announce() {
    boolean forgotten = addresses.announce().map(known -> !known).orElse(false);
    if (forgotten) {
      // Redis was emptied, or this pod frozen and declared dead: its claims are gone as well.
      log.info("Redis had forgotten this pod, claiming its emitters again");
      round();
    }
  }

  private void round() {
    addresses.announce();
    Set<String> streams = new LinkedHashSet<>(registry.watched());
    streams.addAll(claimed);
    boolean answered = true;
    Iterator<String> next = streams.iterator();
    while (next.hasNext() && answered) {
      Set<String> some = new LinkedHashSet<>();
      while (next.hasNext() && some.size() < Claims.PIPELINE_STREAMS) {
        some.add(next.next());
      }
      answered = renew(some);
    }
    if (!answered) {
      quietStreams.show();
    }
  }

  private boolean renew(Set<String> streams) {
    Map<String, List<String>> emitters = new LinkedHashMap<>();
    streams.forEach(streamId -> emitters.put(streamId, registry.emittersOf(streamId)));
    Optional<List<Claims.Renewed>> renewed = claims.renew(emitters);
    if (renewed.isEmpty()) {
      return false;
    }
    Map<String, List<String>> streamsByOwner = new LinkedHashMap<>();
    Map<String, EventId> behind = new LinkedHashMap<>();
    Iterator<Claims.Renewed> each = renewed.get().iterator();
    emitters.forEach(
        (streamId, ids) -> {
          Claims.Renewed found = each.next();
          if (ids.isEmpty()) {
            claimed.remove(streamId);
          } else {
            claimed.add(streamId);
            if (found.lost() > 0) {
              registry.catchUp(streamId);
            }
            found
                .end()
                .filter(end -> isBehind(streamId, end))
                .ifPresent(end -> behind.put(streamId, end));
          }
          found
              .owners()
              .forEach(
                  owner ->
                      streamsByOwner.computeIfAbsent(owner, o -> new ArrayList<>()).add(streamId));
        });
    catchUpWhoStaysBehind(behind);
    streamsByOwner.remove(self.id());
    for (String dead : addresses.deadAmong(streamsByOwner.keySet())) {
      streamsByOwner
          .getOrDefault(dead, List.of())
          .forEach(streamId -> claims.remove(streamId, dead));
    }
    return true;
  }

  /** Forwards take a moment: who is behind now is asked again before it reads the log. */
  private void catchUpWhoStaysBehind(Map<String, EventId> ends) {
    if (!ends.isEmpty()) {
      thread.schedule(
          () -> guarded(() -> ends.forEach(this::catchUpIfBehind)),
          FORWARD_TIME.toMillis(),
          TimeUnit.MILLISECONDS);
    }
  }

  private void catchUpIfBehind(String streamId, EventId end) {
    if (isBehind(streamId, end)) {
      metrics.catchUp();
      registry.catchUp(streamId);
    }
  }

  private boolean isBehind(String streamId, EventId end) {
    return registry.lastDelivered(streamId).filter(last -> !end.isAfter(last)).isEmpty();
  }

  private void every(Duration pause, Runnable task) {
    thread.scheduleWithFixedDelay(
        () -> guarded(task), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void onThread(Runnable task) {
    try {
      thread.execute(() -> guarded(task));
    } catch (RejectedExecutionException e) {
      log.debug("Not told to Redis, for this pod has left", e);
    }
  }

  /** A round that throws would be the last one. */
  private void guarded(Runnable task) {
    if (left) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("Cannot keep the directory", e);
    }
  }

  private static void await(CompletableFuture<Void> done, Duration atMost) {
    try {
      done.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.debug("Redis was not told in time", e);
    }
  }
}
