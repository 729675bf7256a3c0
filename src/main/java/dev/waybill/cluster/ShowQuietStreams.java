package dev.waybill.cluster;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamKinds;
import dev.waybill.platform.OutageLog;
import dev.waybill.stream.EmitterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Sends watchers the state from the database while Redis does not answer and some events may not
 * arrive. Each call handles the streams that got no event after the previous call. A call skips a
 * stream that still gets live events. Such a stream is published by this pod, or by a pod that
 * still knows that this pod has watchers of the stream.
 */
@Component
@Profile("cluster")
class ShowQuietStreams {

  private final EmitterRegistry registry;
  private final StreamKinds kinds;
  private final OutageLog outages;
  private final AtomicBoolean underWay = new AtomicBoolean();

  /**
   * The last event of each stream at the previous call. Only one run at a time uses this field. The
   * flag {@link #underWay} ensures that only one run is in progress.
   */
  private Map<String, Optional<EventId>> lastSeen = new HashMap<>();

  ShowQuietStreams(EmitterRegistry registry, StreamKinds kinds, OutageLog outages) {
    this.registry = registry;
    this.kinds = kinds;
    this.outages = outages;
  }

  /**
   * Starts a run on another thread, because the run reads the database. Starts no run while another
   * run is in progress. Returns immediately.
   */
  void show() {
    if (underWay.compareAndSet(false, true)) {
      boolean started = false;
      try {
        Thread.ofVirtual().name("quiet-streams").start(this::showNow);
        started = true;
      } finally {
        if (!started) {
          underWay.set(false); // no memory for a thread; the next round tries again
        }
      }
    }
  }

  private void showNow() {
    try {
      Map<String, Optional<EventId>> now = new HashMap<>();
      for (String streamId : registry.watched()) {
        Optional<EventId> last = registry.lastDelivered(streamId);
        now.put(streamId, last);
        if (last.equals(lastSeen.getOrDefault(streamId, last))) {
          kinds.state(streamId).ifPresent(it -> registry.refresh(streamId, it));
        }
      }
      lastSeen = now;
    } catch (Throwable e) {
      outages.report("quiet-streams", "Cannot read the state of watched streams", e);
    } finally {
      underWay.set(false);
    }
  }
}
