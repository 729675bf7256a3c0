package dev.waybill.stream;

import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamKinds;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Visits all clients regularly. Sends comments, because a failed write reveals a dead connection.
 * Closes clients that do not read. Delivers events that did not reach this pod, such as final
 * events.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class Heartbeat implements SmartLifecycle {

  /**
   * The number of times that each client is checked in one heartbeat interval. Clients are checked
   * at least once a second, even if the interval is long.
   */
  private static final int LOOKS_PER_BEAT = 5;

  private final EmitterRegistry registry;
  private final StreamKinds kinds;
  private final StreamProperties properties;
  private final Ticker ticker;

  private volatile @Nullable ScheduledExecutorService clients;
  private volatile @Nullable ScheduledExecutorService ends;

  @Override
  public void start() {
    Duration beat = properties.heartbeat();
    long look = Math.min(1000, beat.toMillis() / LOOKS_PER_BEAT);
    // Uses two threads, so that a hanging database does not delay the heartbeat comments.
    clients = every(look, "stream-heartbeat", this::look);
    ends = every(beat.toMillis(), "stream-ends", this::deliverWhatIsMissing);
  }

  @Override
  public void stop() {
    stop(clients);
    stop(ends);
    clients = null;
    ends = null;
  }

  @Override
  public boolean isRunning() {
    return clients != null;
  }

  /**
   * Stops right before the streams end. While a pod is stopping, its watchers need heartbeat
   * comments until their streams end.
   */
  @Override
  public int getPhase() {
    return EndStreams.PHASE + 1;
  }

  private void look() {
    EncodedFrame comment = EncodedFrame.heartbeat(ticker.nanos());
    registry.forEachClient(
        client -> {
          client.closeIfStalled();
          client.heartbeat(comment, properties.heartbeat());
        });
  }

  private void deliverWhatIsMissing() {
    Set<String> watched = registry.watched();
    if (watched.isEmpty()) {
      return;
    }
    // Delivers the missed events before the final events. A final event that arrives before earlier
    // events must wait until the earlier events are delivered.
    kinds
        .newestAmong(watched)
        .forEach(
            (streamId, newest) -> {
              if (registry
                  .lastDelivered(streamId)
                  .filter(last -> !newest.isAfter(last))
                  .isEmpty()) {
                registry.catchUp(streamId);
              }
            });
    for (StreamEvent end : kinds.endedAmong(watched)) {
      registry.deliver(end);
    }
  }

  private static ScheduledExecutorService every(long millis, String name, Runnable round) {
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(name).daemon().factory());
    executor.scheduleWithFixedDelay(
        () -> runRound(name, round), millis, millis, TimeUnit.MILLISECONDS);
    return executor;
  }

  /**
   * Runs a round and catches everything that it throws. After an exception, the executor would
   * never run the round again.
   */
  private static void runRound(String name, Runnable round) {
    try {
      round.run();
    } catch (Throwable e) {
      log.warn("A round failed ({})", name, e);
    }
  }

  private static void stop(@Nullable ScheduledExecutorService executor) {
    if (executor != null) {
      executor.shutdownNow();
    }
  }
}
