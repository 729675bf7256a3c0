package dev.waybill.cluster;

import dev.waybill.access.PlaceCounter;
import dev.waybill.platform.OutageLog;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.extern.slf4j.Slf4j;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Counts over all pods how many connections or other resources a caller holds at the same time;
 * each one is a place. Redis stores an entry for each place. The entry expires if its pod does not
 * renew it, so the places of a crashed pod are free after 15 s. While Redis does not answer, only
 * the limits of each single pod apply.
 *
 * <p>One thread renews and releases all places. So a renewal never restores a place that was
 * released before.
 */
@Slf4j
@Component
@Primary
@Profile("cluster")
class CountPlacesInRedis implements PlaceCounter {

  /** How long an entry lives without renewal: as long as the address of a pod in Redis. */
  private static final Duration LIFE = PodAddresses.LIFE;

  /**
   * An entry expires after this many periods without a renewal, so one failed renewal does no harm.
   */
  private static final int RENEWALS_IN_A_LIFE = 3;

  /** The most places in one command, so that no other call waits long for it. */
  private static final int BATCH = 1_000;

  private static final Duration STOP_TIME = Duration.ofSeconds(1);

  private record Released(String of, String id) {}

  private final Redis redis;
  private final OutageLog outages;
  private final String lifeMillis;
  private final Map<String, Set<String>> held = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Released> released = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean removing = new AtomicBoolean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("cluster-places").daemon().factory());

  @Autowired
  CountPlacesInRedis(Redis redis, OutageLog outages) {
    this(redis, outages, LIFE);
  }

  CountPlacesInRedis(Redis redis, OutageLog outages, Duration life) {
    this.redis = redis;
    this.outages = outages;
    this.lifeMillis = Long.toString(life.toMillis());
    long every = life.dividedBy(RENEWALS_IN_A_LIFE).toMillis();
    thread.scheduleWithFixedDelay(() -> guarded(this::renew), every, every, TimeUnit.MILLISECONDS);
  }

  @Override
  public boolean tryTake(String of, String id, int limit) {
    // The place is recorded here before Redis stores it, so that no renewal leaves it out.
    held.compute(
        of,
        (_, ids) -> {
          Set<String> all = ids == null ? ConcurrentHashMap.newKeySet() : ids;
          all.add(id);
          return all;
        });
    boolean taken =
        redis
            .ask(
                template ->
                    (Long)
                        Script.TAKE_PLACE.run(
                            template,
                            List.of(RedisKeys.places(of)),
                            Integer.toString(limit),
                            lifeMillis,
                            id))
            .map(answer -> answer == 1)
            .orElse(true);
    if (!taken) {
      giveBack(of, id); // a renewal may already have written the place
    }
    return taken;
  }

  @Override
  public void giveBack(String of, String id) {
    held.computeIfPresent(
        of,
        (_, ids) -> {
          ids.remove(id);
          return ids.isEmpty() ? null : ids;
        });
    released.add(new Released(of, id));
    if (removing.compareAndSet(false, true)) {
      try {
        thread.execute(() -> guarded(this::remove));
      } catch (RejectedExecutionException e) {
        log.debug("Not given back, because this pod has left; it expires", e);
      }
    }
  }

  private void remove() {
    // Reset before the queue is read: a place that is released later is either read here or starts
    // another removal.
    removing.set(false);
    Map<String, List<String>> places = new LinkedHashMap<>();
    for (Released each = released.poll(); each != null; each = released.poll()) {
      places.computeIfAbsent(each.of(), _ -> new ArrayList<>()).add(each.id());
    }
    places.forEach(
        (of, ids) ->
            batches(ids)
                .forEach(
                    batch ->
                        redis.ask(
                            template ->
                                template.opsForZSet().remove(RedisKeys.places(of), batch))));
  }

  private void renew() {
    held.forEach(
        (of, ids) ->
            batches(List.copyOf(ids))
                .forEach(
                    batch -> {
                      List<Object> arguments = new ArrayList<>(List.of(batch));
                      arguments.addFirst(lifeMillis);
                      redis.ask(
                          template ->
                              Script.RENEW_PLACES.run(
                                  template, List.of(RedisKeys.places(of)), arguments.toArray()));
                    }));
  }

  private static List<Object[]> batches(List<String> ids) {
    List<Object[]> batches = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += BATCH) {
      batches.add(ids.subList(from, Math.min(from + BATCH, ids.size())).toArray());
    }
    return batches;
  }

  /** Runs a task and catches everything. The executor would not repeat a renewal that throws. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      outages.report("places", "Cannot write to Redis what callers have at once", e);
    }
  }

  /** Waits up to one second until the places of the last connections are released in Redis. */
  @PreDestroy
  void stop() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(STOP_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
