package dev.waybill.cluster;

import dev.waybill.event.EventId;
import dev.waybill.event.Pod;
import dev.waybill.platform.OutageLog;
import dev.waybill.stream.EmitterRegistry;
import dev.waybill.stream.Ownership;
import dev.waybill.stream.StreamProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
 * Writes this pod's claims to Redis. A claim is an entry that says that this pod has one emitter.
 * An emitter is the connection of a watching client. Other pods read the claims to forward events.
 * A single thread writes all claims, so that a claim and its release keep their order. A client
 * that connects waits for the write of its own claim, but only for a short time. No other thread
 * waits for Redis.
 *
 * <p>The claims are made from the emitter registry. This class writes a change as soon as the
 * change happens. In addition, a regular round writes all claims again, and compares the end of
 * each log with the last event that was delivered on this pod.
 */
@Slf4j
@Component
@Profile("cluster")
class Directory implements Ownership {

  private static final Duration ROUND_AT_LEAST_EVERY = Duration.ofSeconds(15);

  /**
   * The maximum time that a client waits for the write of its claim. This time is a little longer
   * than the timeout of one call to Redis.
   */
  private static final Duration CLAIM_PATIENCE = Duration.ofMillis(700);

  private static final Duration FORWARD_TIME = Duration.ofMillis(500);

  private final EmitterRegistry registry;
  private final Claims claims;
  private final PodAddresses addresses;
  private final PodHeartbeat heartbeat;
  private final ShowQuietStreams quietStreams;
  private final ClusterMetrics metrics;
  private final OutageLog outages;
  private final Pod self;
  private final Duration roundEvery;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("cluster-directory").daemon().factory());

  private final Set<String> toCorrect = ConcurrentHashMap.newKeySet();
  private final PendingChanges pending = new PendingChanges();
  private volatile boolean left;

  /** The streams for which this pod may have claims. Used only by the thread of this class. */
  private final ClaimedStreams claimed = new ClaimedStreams(System::nanoTime);

  Directory(
      EmitterRegistry registry,
      Claims claims,
      PodAddresses addresses,
      PodHeartbeat heartbeat,
      ShowQuietStreams quietStreams,
      StreamProperties streams,
      ClusterMetrics metrics,
      OutageLog outages,
      Pod self) {
    this.registry = registry;
    this.claims = claims;
    this.addresses = addresses;
    this.heartbeat = heartbeat;
    this.quietStreams = quietStreams;
    this.metrics = metrics;
    this.outages = outages;
    this.self = self;
    this.roundEvery =
        streams.heartbeat().compareTo(ROUND_AT_LEAST_EVERY) < 0
            ? streams.heartbeat()
            : ROUND_AT_LEAST_EVERY;
    registry.reportTo(this);
  }

  /** Adds this pod to the cluster. If Redis fails, retries until Redis answers. */
  void join() {
    heartbeat.start(() -> onThread(this::round));
    thread.scheduleWithFixedDelay(
        () -> guarded(this::round),
        roundEvery.toMillis(),
        roundEvery.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /**
   * Removes this pod's address and all its claims from Redis. After that, writes nothing more.
   * Blocks for at most 5 s.
   */
  void leave() {
    left = true;
    CompletableFuture<Void> gone =
        CompletableFuture.runAsync(
            () -> {
              heartbeat.stop();
              Set<String> streams = new LinkedHashSet<>(registry.watched());
              streams.addAll(claimed.all());
              claims.remove(streams, self.id());
            },
            thread);
    await(gone, Duration.ofSeconds(5));
    thread.shutdownNow();
  }

  @Override
  public void claim(Collection<String> streamIds, String emitterId) {
    // Waits until the claim is written, before any code reads the end of the log. After the write,
    // other pods forward live events to this pod. Otherwise this pod would miss the events between
    // the read and the write. While Redis fails, no claim can be written, and a later round writes
    // the claim.
    CompletableFuture<?>[] written =
        streamIds.stream()
            .flatMap(streamId -> write(streamId, new Claims.Change(emitterId, true)).stream())
            .toArray(CompletableFuture[]::new);
    await(CompletableFuture.allOf(written), CLAIM_PATIENCE);
  }

  @Override
  public void release(Collection<String> streamIds, String emitterId) {
    streamIds.forEach(streamId -> write(streamId, new Claims.Change(emitterId, false)));
  }

  /**
   * Writes the claims for some streams again and checks their logs. Called when the claims or the
   * logs of these streams may differ from the data that this pod has recorded. Returns immediately.
   */
  void correct(Collection<String> streamIds) {
    if (!streamIds.isEmpty()) {
      toCorrect.addAll(streamIds);
      onThread(this::correctAll);
    }
  }

  private void correctAll() {
    List<String> streams = List.copyOf(toCorrect);
    toCorrect.removeAll(Set.copyOf(streams));
    renewInBatches(streams);
  }

  /** Removes the claims of a pod for some streams, if that pod is dead. Returns immediately. */
  void buryIfDead(String podId, Collection<String> streamIds) {
    List<String> streams = List.copyOf(streamIds);
    onThread(
        () -> {
          if (!podId.equals(self.id()) && addresses.deadAmong(List.of(podId)).contains(podId)) {
            claims.remove(streams, podId);
          }
        });
  }

  private Optional<CompletableFuture<Void>> write(String streamId, Claims.Change change) {
    if (left) {
      return Optional.empty();
    }
    PendingChanges.Added added = pending.add(streamId, change);
    if (added.isFirst()) {
      onThread(this::writePending);
    }
    return Optional.of(added.written());
  }

  /**
   * Writes one batch of changes. If more changes wait, queues the next batch behind the tasks that
   * already wait for this thread.
   */
  private void writePending() {
    PendingChanges.Batch batch = pending.take(Claims.BATCH_STREAMS);
    try {
      if (!batch.changes().isEmpty()) {
        batch.changes().keySet().forEach(claimed::touch);
        claims
            .change(batch.changes())
            .ifPresent(
                restarts -> restarts.forEach((streamId, mark) -> restartIfMarked(streamId, mark)));
      }
    } finally {
      batch.written();
      if (batch.moreWait()) {
        onThread(this::writePending);
      }
    }
  }

  private void round() {
    if (pending.isWaiting()) {
      writePending(); // in case the task for the pending changes could not be queued
    }
    Set<String> watched = registry.watched();
    claimed.forgetExpired(watched);
    Set<String> streams = new LinkedHashSet<>(watched);
    streams.addAll(claimed.all());
    if (!renewInBatches(List.copyOf(streams))) {
      quietStreams.show();
    }
  }

  private boolean renewInBatches(List<String> streams) {
    boolean answered = true;
    for (int from = 0; from < streams.size() && answered; from += Claims.BATCH_STREAMS) {
      answered =
          renew(streams.subList(from, Math.min(from + Claims.BATCH_STREAMS, streams.size())));
    }
    return answered;
  }

  private boolean renew(List<String> streams) {
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
            claimed.forget(streamId);
          } else {
            claimed.touch(streamId);
            restartIfMarked(streamId, found.restart());
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
    catchUpLater(behind);
    streamsByOwner.remove(self.id());
    for (String dead : addresses.deadAmong(streamsByOwner.keySet())) {
      claims.remove(streamsByOwner.getOrDefault(dead, List.of()), dead);
    }
    return true;
  }

  /**
   * Ends the connections of a stream's watchers if the stream's log has started again from lower
   * IDs after these watchers connected. These watchers have seen higher IDs than the IDs of the new
   * events, so they would get no event. When these watchers reconnect, they get a snapshot.
   */
  private void restartIfMarked(String streamId, String mark) {
    if (claimed.sawNewMark(streamId, mark)) {
      log.info("The log of stream {} started over; its watchers are disconnected", streamId);
      registry.restart(streamId);
    }
  }

  /**
   * Checks again, after a short time, the streams for which this pod has not delivered the newest
   * event of their log. Forwarding takes a moment, so this pod reads the log only if the event is
   * still missing after the short time.
   */
  private void catchUpLater(Map<String, EventId> ends) {
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

  private void onThread(Runnable task) {
    try {
      thread.execute(() -> guarded(task));
    } catch (RejectedExecutionException e) {
      log.debug("Not written to Redis, because this pod has left", e);
    }
  }

  /**
   * Runs a task and catches every Throwable, including an OutOfMemoryError. After an uncaught
   * Throwable, the executor would not repeat the round.
   */
  private void guarded(Runnable task) {
    if (left) {
      return;
    }
    try {
      task.run();
    } catch (Throwable e) {
      outages.report("directory", "Cannot write this pod's claims to Redis", e);
    }
  }

  private static void await(CompletableFuture<Void> done, Duration atMost) {
    try {
      done.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.debug("Not written to Redis in time", e);
    }
  }
}
