package dev.waybill.cluster;

import dev.waybill.event.Pod;
import dev.waybill.event.StreamEvent;
import dev.waybill.platform.OutageLog;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends events to other pods, each over a queue and a sender of its own, so that a slow or dead one
 * costs the others nothing. What cannot be sent is dropped and counted: the receiver sees the gap
 * in the numbers and reads the log, at the latest with its next round.
 */
@Component
@Profile("cluster")
class Forwarder {

  private final Pod self;
  private final JsonMapper json;
  private final SendEvents sendEvents;
  private final ClusterMetrics metrics;
  private final OutageLog outages;
  private final Map<String, Peer> peers = new ConcurrentHashMap<>();

  Forwarder(
      Pod self, JsonMapper json, SendEvents sendEvents, ClusterMetrics metrics, OutageLog outages) {
    this.self = self;
    this.json = json;
    this.sendEvents = sendEvents;
    this.metrics = metrics;
    this.outages = outages;
  }

  /** Queues an event for some pods, of which this one is left out. Returns at once. */
  void forward(StreamEvent event, Collection<String> pods) {
    @Nullable Parcel parcel = null;
    for (String pod : pods) {
      if (!pod.equals(self.id())) {
        if (parcel == null) {
          parcel = new Parcel(event.streamId(), json.writeValueAsBytes(WireEvent.of(event)));
        }
        peer(pod).offer(parcel);
      }
    }
  }

  private Peer peer(String podId) {
    return peers.computeIfAbsent(
        podId,
        id ->
            new Peer(
                id,
                batch -> {
                  if (!sendEvents.send(id, batch)) {
                    // Dead: pods are new at every start, so this one never comes back.
                    peers.remove(id);
                  }
                },
                metrics,
                outages));
  }

  /** Waits until all is sent or dropped, at most so long. */
  void flush(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    for (Peer peer : peers.values()) {
      peer.awaitIdle(deadline);
    }
  }
}
