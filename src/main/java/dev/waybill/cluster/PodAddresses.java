package dev.waybill.cluster;

import dev.waybill.event.Pod;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The addresses in Redis of all live pods. Thread-safe. */
@Component
@Profile("cluster")
@RequiredArgsConstructor
class PodAddresses {

  /** A pod is dead if it has not renewed its address for this long. */
  static final Duration LIFE = Duration.ofSeconds(15);

  /** The time for which an address is used before it is read again. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** The result of a search for the address of a pod. */
  sealed interface Lookup {

    record At(URI url) implements Lookup {}

    /** The address has expired in Redis, so the pod is dead. */
    record Dead() implements Lookup {}

    /** Redis does not answer, and the address was never read before. */
    record Unknown() implements Lookup {}
  }

  private record Known(URI url, long askedNanos) {}

  private final Redis redis;
  private final Redis heartbeatRedis;
  private final Pod self;
  private final ClusterProperties properties;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * Stores this pod's address in Redis. The address shows the other pods that this pod is alive.
   *
   * @return whether Redis had the address before; empty if Redis failed
   */
  Optional<Boolean> announce() {
    return heartbeatRedis.ask(
        template -> {
          template.opsForSet().add(RedisKeys.allPods(), self.id());
          template.expire(RedisKeys.allPods(), Claims.LIFE);
          return template
                  .opsForValue()
                  .setGet(RedisKeys.pod(self.id()), properties.advertiseUrl(), LIFE)
              != null;
        });
  }

  /** Removes this pod's address from Redis. */
  void withdraw() {
    heartbeatRedis.ask(
        template -> {
          template.opsForSet().remove(RedisKeys.allPods(), self.id());
          return template.delete(RedisKeys.pod(self.id()));
        });
  }

  /** Finds the address of a pod. Blocks on Redis unless the address was read in the last 5 s. */
  Lookup find(String podId) {
    Known cached = known.get(podId);
    long now = System.nanoTime();
    if (cached != null && now - cached.askedNanos() < FRESH.toNanos()) {
      return new Lookup.At(cached.url());
    }
    Optional<Optional<String>> asked =
        redis.ask(
            template -> Optional.ofNullable(template.opsForValue().get(RedisKeys.pod(podId))));
    if (asked.isEmpty()) {
      // While Redis does not answer, the last known address is used.
      return cached == null ? new Lookup.Unknown() : new Lookup.At(cached.url());
    }
    if (asked.get().isEmpty()) {
      known.remove(podId);
      return new Lookup.Dead();
    }
    URI url = URI.create(asked.get().get());
    known.put(podId, new Known(url, now));
    return new Lookup.At(url);
  }

  /**
   * The addresses of all other live pods; empty if Redis does not answer. Also removes dead pods
   * from the set of pods in Redis. Otherwise this set would grow with each start of a pod.
   */
  Optional<Map<String, URI>> others() {
    return redis
        .ask(
            template ->
                Objects.requireNonNullElse(
                    template.opsForSet().members(RedisKeys.allPods()), Set.<String>of()))
        .flatMap(this::live);
  }

  private Optional<Map<String, URI>> live(Set<String> podIds) {
    List<String> asked = podIds.stream().filter(id -> !id.equals(self.id())).toList();
    if (asked.isEmpty()) {
      return Optional.of(Map.of());
    }
    return redis.ask(
        template -> {
          List<@Nullable String> urls =
              Objects.requireNonNull(
                  template.opsForValue().multiGet(asked.stream().map(RedisKeys::pod).toList()));
          Map<String, URI> live = new HashMap<>();
          List<String> dead = new ArrayList<>();
          for (int i = 0; i < asked.size(); i++) {
            String url = urls.get(i);
            if (url == null) {
              dead.add(asked.get(i));
            } else {
              live.put(asked.get(i), URI.create(url));
              known.put(asked.get(i), new Known(URI.create(url), System.nanoTime()));
            }
          }
          if (!dead.isEmpty()) {
            template.opsForSet().remove(RedisKeys.allPods(), dead.toArray());
          }
          return live;
        });
  }

  /** The addresses of other pods that were read earlier, for use while Redis does not answer. */
  Map<String, URI> lastKnown() {
    Map<String, URI> urls = new HashMap<>();
    known.forEach((pod, address) -> urls.put(pod, address.url()));
    return urls;
  }

  /** Finds the dead pods among the given pods with one call; empty if Redis does not answer. */
  Set<String> deadAmong(Collection<String> podIds) {
    List<String> asked = List.copyOf(podIds);
    if (asked.isEmpty()) {
      return Set.of();
    }
    Set<String> dead = new HashSet<>();
    redis
        .ask(
            template ->
                Optional.ofNullable(
                    template.opsForValue().multiGet(asked.stream().map(RedisKeys::pod).toList())))
        .flatMap(urls -> urls)
        .ifPresent(
            urls -> {
              for (int i = 0; i < asked.size(); i++) {
                if (urls.get(i) == null) {
                  dead.add(asked.get(i));
                }
              }
            });
    dead.forEach(known::remove);
    return dead;
  }
}
