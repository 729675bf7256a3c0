package dev.waybill.cluster;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Which pods held emitters of the streams published here when Redis last said so, for as long as it
 * says nothing new. Thread-safe.
 */
@Component
@Profile("cluster")
class LastOwners {

  /** More streams than one pod publishes at a time; the ones said least recently go first. */
  private static final int STREAMS = 1000;

  private final Map<String, Set<String>> owners = new LinkedHashMap<>(); // guarded by this

  /** Redis says so. */
  synchronized void are(String streamId, Set<String> pods) {
    owners.remove(streamId);
    owners.put(streamId, pods);
    if (owners.size() > STREAMS) {
      owners.remove(owners.keySet().iterator().next());
    }
  }

  synchronized Set<String> of(String streamId) {
    return owners.getOrDefault(streamId, Set.of());
  }

  /** A pod itself says that it holds none, which is true until Redis says otherwise. */
  synchronized void drop(String streamId, String pod) {
    owners.computeIfPresent(
        streamId,
        (id, pods) -> {
          Set<String> others = new HashSet<>(pods);
          others.remove(pod);
          return Set.copyOf(others);
        });
  }

  synchronized void forget(String streamId) {
    owners.remove(streamId);
  }
}
