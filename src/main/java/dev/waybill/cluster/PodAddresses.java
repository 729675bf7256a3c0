package dev.waybill.cluster;

import dev.waybill.event.Pod;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Which pods are alive, and where they are reached. Thread-safe. */
@Component
@Profile("cluster")
@RequiredArgsConstructor
class PodAddresses {

  /** A pod that has not renewed its address for so long is dead. */
  static final Duration LIFE = Duration.ofSeconds(15);

  /** How long an address is used before it is asked for again. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** What is known of a pod. */
  sealed interface Lookup {

    record At(URI url) implements Lookup {}

    /** Redis knows it no more. */
    record Dead() implements Lookup {}

    /** Redis does not answer, and it was never asked for this pod before. */
    record Unknown() implements Lookup {}
  }

  private record Known(URI url, long askedNanos) {}

  private final Redis redis;
  private final Redis heartbeatRedis;
  private final Pod self;
  private final ClusterProperties properties;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * Says that this pod lives and where.
   *
   * @return whether Redis had known it before; empty where Redis failed
   */
  Optional<Boolean> announce() {
    return heartbeatRedis.ask(
        template ->
            template.opsForValue().setGet(RedisKeys.pod(self.id()), properties.advertiseUrl(), LIFE)
                != null);
  }

  /** Takes this pod's address back. */
  void withdraw() {
    heartbeatRedis.ask(template -> template.delete(RedisKeys.pod(self.id())));
  }

  /** Finds a pod; blocks on Redis every few seconds. */
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
      // While Redis is away, where it was last is the best there is.
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

  /** Those of the given pods that are dead, by one call; none where Redis does not say. */
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
