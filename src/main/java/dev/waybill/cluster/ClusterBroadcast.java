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
import org.springframework.stereotype.Component;

/**
 * Delivers events to the clients of all pods. The database has already determined the order of
 * these events. Redis only stores which pods have clients of the stream. While Redis fails, only
 * the pods that Redis returned last get the events. The other pods read the events from the
 * database in their next regular check.
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
    Map<String, Set<String>> owners =
        owners(events.stream().map(StreamEvent::streamId).distinct().toList());
    for (StreamEvent event : events) {
      // Forwards the event before the delivery on this pod. Forwarding only queues the event, and
      // the event takes longer to reach another pod.
      forwarder.forward(event, owners.getOrDefault(event.streamId(), Set.of()));
      registry.deliver(event);
    }
  }

  @Override
  public int watchers(String streamId) {
    long elsewhere =
        emittersByPod(List.of(streamId)).stream()
            .flatMap(pods -> pods.getFirst().entrySet().stream())
            .filter(pod -> !pod.getKey().equals(self.id()))
            .mapToLong(pod -> Long.parseLong(pod.getValue()))
            .sum();
    return (int) Math.min(Integer.MAX_VALUE, elsewhere + registry.clientsOf(streamId));
  }

  /** The pods that have emitters of each stream, read in one round trip. */
  private Map<String, Set<String>> owners(List<String> streamIds) {
    Map<String, Set<String>> owners = new HashMap<>();
    Optional<List<Map<String, String>>> emitters = emittersByPod(streamIds);
    if (emitters.isEmpty()) {
      streamIds.forEach(streamId -> owners.put(streamId, lastOwners.of(streamId)));
      return owners;
    }
    for (int i = 0; i < streamIds.size(); i++) {
      Set<String> pods = Set.copyOf(emitters.get().get(i).keySet());
      lastOwners.are(streamIds.get(i), pods);
      owners.put(streamIds.get(i), pods);
    }
    return owners;
  }

  /**
   * Returns one map for each stream. The map contains the number of emitters for the ID of each
   * pod. Returns empty if Redis fails.
   */
  private Optional<List<Map<String, String>>> emittersByPod(List<String> streamIds) {
    if (streamIds.isEmpty()) {
      return Optional.of(List.of());
    }
    metrics.roundTrip();
    return redis.hashes(streamIds.stream().map(RedisKeys::pods).toList());
  }
}
