package dev.waybill.channel;

import dev.waybill.event.EventId;
import java.time.Duration;
import lombok.RequiredArgsConstructor;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Waits for the next event of a stream, for clients that cannot hold a stream open. It asks the
 * database: an event may be published on any pod, and a row by its key costs microseconds.
 */
@Component
@RequiredArgsConstructor
class AwaitEvents {

  private static final Duration LOOK = Duration.ofMillis(200);

  private final ReadHistory history;
  private volatile boolean stopping;

  /** Blocks until a stream has an event behind an ID; returns early when this pod stops. */
  void after(String streamId, EventId id, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    long left = patience.toNanos();
    while (left > 0 && !stopping && history.end(streamId).last().equals(id)) {
      try {
        Thread.sleep(Math.min(LOOK.toMillis(), Math.max(1, left / 1_000_000)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      left = deadline - System.nanoTime();
    }
  }

  /** The web server waits for the requests that wait here. */
  @EventListener(ContextClosedEvent.class)
  void stop() {
    stopping = true;
  }
}
