package dev.waybill.cluster;

import dev.waybill.event.EventBroadcast;
import dev.waybill.event.Pod;
import dev.waybill.event.StreamEvent;
import dev.waybill.stream.EmitterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/**
 * Delivers events that the database orders to the clients of all pods. Redis only says which pods
 * have some. While it fails, the pods that were known last get the events; the others read them
 * from the database with their next round.
 */
@Component
@Profile("cluster")
@RequiredArgsConstructor
class ClusterBroadcast implements EventBroadcast {

  private final Pod self;
  private final Redis redis;
  private final EmitterRegistry registry;
  private final LastOwners lastOwners;
  private final Forwarder forwarder;
  private final ClusterMetrics metrics;

  @Override
  public void broadcast(List<StreamEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    Set<String> owners = owners(events.getFirst().streamId());
    for (StreamEvent event : events) {
      // Forwarding comes first: it only queues, and its way is longer.
      forwarder.forward(event, owners);
      registry.deliver(event);
    }
  }

  @Override
  public int watchers(String streamId) {
    long elsewhere =
        emittersByPod(streamId).orElse(Map.of()).entrySet().stream()
            .filter(pod -> !pod.getKey().equals(self.id()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return (int) Math.min(Integer.MAX_VALUE, elsewhere + registry.clientsOf(streamId));
  }

  private Set<String> owners(String streamId) {
    Optional<Map<String, Long>> emitters = emittersByPod(streamId);
    if (emitters.isEmpty()) {
      return lastOwners.of(streamId);
    }
    Set<String> owners = Set.copyOf(emitters.get().keySet());
    lastOwners.are(streamId, owners);
    return owners;
  }

  /** How many emitters of a stream each pod holds; empty where Redis fails. */
  private Optional<Map<String, Long>> emittersByPod(String streamId) {
    return redis.ask(
        template -> {
          metrics.roundTrip();
          return numbers(template, RedisKeys.pods(streamId));
        });
  }

  private static Map<String, Long> numbers(StringRedisTemplate template, String key) {
    Map<String, Long> numbers = new HashMap<>();
    template
        .<String, String>opsForHash()
        .entries(key)
        .forEach((pod, count) -> numbers.put(pod, Long.parseLong(count)));
    return numbers;
  }
}
