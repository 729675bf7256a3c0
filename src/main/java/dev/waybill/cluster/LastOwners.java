package dev.waybill.cluster;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import lombok.Locked;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Stores, for each stream that this pod publishes, the pods that had emitters of the stream
 * according to the last answer of Redis. Used while Redis does not answer. Thread-safe.
 */
@Component
@Profile("cluster")
class LastOwners {

  /**
   * The maximum number of streams that are stored. One pod usually publishes fewer streams at the
   * same time. If there are more, the stream is removed whose pods were stored first.
   */
  private static final int STREAMS = 1000;

  private final Map<String, Set<String>> owners = new LinkedHashMap<>(); // guarded by @Locked

  /** Stores the pods that Redis has returned for a stream. */
  @Locked
  void are(String streamId, Set<String> pods) {
    owners.remove(streamId);
    owners.put(streamId, pods);
    if (owners.size() > STREAMS) {
      owners.remove(owners.keySet().iterator().next());
    }
  }

  @Locked
  Set<String> of(String streamId) {
    return owners.getOrDefault(streamId, Set.of());
  }

  /**
   * Removes a pod that reported that it has no emitter of a stream. The next answer of Redis may
   * add the pod again.
   */
  @Locked
  void drop(String streamId, String pod) {
    owners.computeIfPresent(
        streamId,
        (id, pods) -> {
          Set<String> others = new HashSet<>(pods);
          others.remove(pod);
          return Set.copyOf(others);
        });
  }

  @Locked
  void forget(String streamId) {
    owners.remove(streamId);
  }
}
