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
 * Sends events to other pods. Each other pod has its own queue and sender, so that a slow or dead
 * pod does not delay the other pods. Events that cannot be sent are dropped and counted. The
 * receiving pod then notices a gap in the event numbers and reads the log, at the latest in its
 * next regular round.
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

  /** Queues an event for some pods. Skips this pod. Returns immediately. */
  void forward(StreamEvent event, Collection<String> pods) {
    @Nullable OutgoingEvent outgoing = null;
    for (String pod : pods) {
      if (!pod.equals(self.id())) {
        if (outgoing == null) {
          outgoing =
              new OutgoingEvent(event.streamId(), json.writeValueAsBytes(WireEvent.of(event)));
        }
        peer(pod).offer(outgoing);
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
                    // Removes the queue of a dead pod. A pod gets a new ID at every start, so this
                    // ID is never used again.
                    peers.remove(id);
                  }
                },
                metrics,
                outages));
  }

  /** Waits until all events are sent or dropped, but not longer than the given time. */
  void flush(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    for (Peer peer : peers.values()) {
      peer.awaitIdle(deadline);
    }
  }
}
