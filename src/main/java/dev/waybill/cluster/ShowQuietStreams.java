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
 * Sends watchers the state from the database while Redis is down and events may not arrive. Each
 * call covers the streams without a delivery since the call before. A stream with live events, from
 * this pod or from one that remembers its owners, is left alone.
 */
@Component
@Profile("cluster")
class ShowQuietStreams {

  private final EmitterRegistry registry;
  private final StreamKinds kinds;
  private final OutageLog outages;
  private final AtomicBoolean underWay = new AtomicBoolean();

  /** Only one run at a time uses it, guarded by {@link #underWay}. */
  private Map<String, Optional<EventId>> lastSeen = new HashMap<>();

  ShowQuietStreams(EmitterRegistry registry, StreamKinds kinds, OutageLog outages) {
    this.registry = registry;
    this.kinds = kinds;
    this.outages = outages;
  }

  /** Returns at once. Another thread reads the database, one run at a time. */
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
