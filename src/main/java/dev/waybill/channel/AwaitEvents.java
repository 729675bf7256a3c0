package dev.waybill.channel;

import dev.waybill.event.EventId;
import java.time.Duration;
import lombok.RequiredArgsConstructor;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Waits for the next event of a stream, for clients that cannot keep a stream open. This class
 * polls the database, because any pod can publish an event. The query reads one row by its key and
 * takes only microseconds.
 */
@Component
@RequiredArgsConstructor
class AwaitEvents {

  private static final Duration LOOK = Duration.ofMillis(200);

  private final ReadHistory history;
  private volatile boolean stopping;

  /**
   * Blocks while the given ID is the ID of the last event of a stream, but at most for {@code
   * patience}. Returns early when this pod stops.
   */
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

  /**
   * Ends the wait of all requests. Otherwise the web server would wait for these requests when the
   * pod stops.
   */
  @EventListener(ContextClosedEvent.class)
  void stop() {
    stopping = true;
  }
}
