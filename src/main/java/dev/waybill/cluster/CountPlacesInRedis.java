package dev.waybill.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.access.PlaceCounter;
import dev.waybill.platform.OutageLog;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
import java.util.function.Consumer;
import lombok.extern.slf4j.Slf4j;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Counts, over all pods, how many connections or other resources a caller holds at the same time.
 * Each counted resource is called a place. Redis stores an entry for each place. The entry expires
 * if the pod of the resource does not renew the entry. So the places of a crashed pod are free
 * after 15 s. While Redis does not answer, only the limits of each single pod apply.
 *
 * <p>One thread renews and releases all places. So a renewal never restores a place that is already
 * released.
 */
@Slf4j
@Component
@Primary
@Profile("cluster")
class CountPlacesInRedis implements PlaceCounter {

  /**
   * The time after which an entry expires if it is not renewed. The address of a pod in Redis
   * expires after the same time.
   */
  private static final Duration LIFE = PodAddresses.LIFE;

  /**
   * The number of renewal periods after which an entry expires without a renewal. One failed
   * renewal does no harm, because further renewals follow before the entry expires.
   */
  private static final int RENEWALS_IN_A_LIFE = 3;

  /**
   * The maximum number of places in one command. With this limit, the command is short, so no other
   * call waits long for it.
   */
  private static final int BATCH = 1_000;

  /**
   * The maximum number of commands in one round trip. With this limit, the answers need little
   * memory.
   */
  private static final int COMMANDS = 500;

  private static final Duration STOP_TIME = Duration.ofSeconds(1);

  private record Released(String of, String id) {}

  /** The places of one caller that one command contains. */
  private record Batch(String of, List<String> ids) {

    byte[] key() {
      return RedisKeys.places(of).getBytes(UTF_8);
    }

    byte[][] members() {
      return ids.stream().map(id -> id.getBytes(UTF_8)).toArray(byte[][]::new);
    }
  }

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
    // Records the place in this object before Redis stores the place, so that every renewal
    // includes the place.
    held.compute(
        of,
        (_, ids) -> {
          Set<String> all = ids == null ? ConcurrentHashMap.newKeySet() : ids;
          all.add(id);
          return all;
        });
    boolean taken = false;
    try {
      taken = takeInRedis(of, id, limit);
    } finally {
      if (!taken) {
        giveBack(of, id); // a renewal may already have written the place
      }
    }
    return taken;
  }

  private boolean takeInRedis(String of, String id, int limit) {
    return redis
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
    // Resets the flag before reading the queue. So if a place is released after the reset, either
    // this method reads the place or the release starts another removal.
    removing.set(false);
    Map<String, List<String>> places = new LinkedHashMap<>();
    for (Released each = released.poll(); each != null; each = released.poll()) {
      places.computeIfAbsent(each.of(), _ -> new ArrayList<>()).add(each.id());
    }
    inRoundTrips(places, this::remove);
  }

  private void remove(List<Batch> batches) {
    if (batches.size() == 1) {
      // Usually there is only one batch. For one batch, no pipeline is needed. A pipeline would
      // open a separate connection.
      Batch only = batches.getFirst();
      redis.ask(
          template ->
              template
                  .opsForZSet()
                  .remove(RedisKeys.places(only.of()), only.ids().toArray(Object[]::new)));
    } else {
      redis.pipelined(
          connection ->
              batches.forEach(
                  batch -> connection.zSetCommands().zRem(batch.key(), batch.members())));
    }
  }

  private void renew() {
    // Many renewals share a round trip. With one round trip for each caller, the renewals of many
    // callers could take longer than the time after which a place expires.
    inRoundTrips(held, this::renew);
  }

  private void renew(List<Batch> batches) {
    redis.pipelined(
        Script.RENEW_PLACES,
        connection ->
            batches.forEach(
                batch -> {
                  List<String> arguments = new ArrayList<>(batch.ids());
                  arguments.addFirst(lifeMillis);
                  Script.RENEW_PLACES.pipeline(
                      connection, List.of(RedisKeys.places(batch.of())), arguments);
                }));
  }

  /** Calls Redis for all places, with at most {@link #COMMANDS} commands in each call. */
  private static void inRoundTrips(
      Map<String, ? extends Collection<String>> places, Consumer<List<Batch>> call) {
    List<Batch> batches = new ArrayList<>();
    places.forEach(
        (of, ids) ->
            cut(List.copyOf(ids), BATCH).forEach(some -> batches.add(new Batch(of, some))));
    cut(batches, COMMANDS).forEach(call);
  }

  private static <T> List<List<T>> cut(List<T> all, int most) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += most) {
      parts.add(all.subList(from, Math.min(from + most, all.size())));
    }
    return parts;
  }

  /**
   * Runs a task and catches every Throwable. After an uncaught Throwable, the executor would not
   * repeat the renewal.
   */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      outages.report("places", "Cannot write the places that callers hold to Redis", e);
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
