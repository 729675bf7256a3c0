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
 * Shows watchers the state from the database while Redis is down and events cannot come: on each
 * call those streams that nothing was delivered for since the call before. A stream that is
 * published here, or by a pod that still knows the way, goes on live and is left alone.
 */
@Component
@Profile("cluster")
class ShowQuietStreams {

  private final EmitterRegistry registry;
  private final StreamKinds kinds;
  private final OutageLog outages;
  private final AtomicBoolean underWay = new AtomicBoolean();

  /** Handed from one run to the next by {@link #underWay}. */
  private Map<String, Optional<EventId>> lastSeen = new HashMap<>();

  ShowQuietStreams(EmitterRegistry registry, StreamKinds kinds, OutageLog outages) {
    this.registry = registry;
    this.kinds = kinds;
    this.outages = outages;
  }

  /** Returns at once; the database is asked on a thread of its own, one run at a time. */
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
