package dev.waybill.cluster;

import dev.waybill.platform.OutageLog;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Renews this pod's address in Redis, on a thread and a connection of its own. If it waited behind
 * claims, a slow Redis would let the address of a living pod expire. The other pods would then
 * remove its claims, and its watchers would get no events.
 */
@Slf4j
@Component
@Profile("cluster")
@RequiredArgsConstructor
class PodHeartbeat {

  /** A third of the address's life, so that two renewals may fail. */
  static final Duration EVERY = Duration.ofSeconds(5);

  /** How soon a failed renewal is retried. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final PodAddresses addresses;
  private final OutageLog outages;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("cluster-heartbeat").daemon().factory());

  /** Announces this pod at once, and then regularly. */
  void start(Runnable whenForgotten) {
    thread.execute(() -> beat(whenForgotten, false));
  }

  private void beat(Runnable whenForgotten, boolean known) {
    Optional<Boolean> answer = Optional.empty();
    try {
      answer = addresses.announce();
      if (known && answer.isPresent() && !answer.get()) {
        // Redis was emptied, or this pod was frozen and declared dead. Its claims are gone as well.
        log.info("Redis had forgotten this pod; its emitters are claimed again");
        whenForgotten.run();
      }
    } catch (Throwable e) {
      // Also when memory runs out: without a next beat this pod would count as dead.
      outages.report("pod-heartbeat", "Cannot announce this pod in Redis", e);
    } finally {
      boolean nextKnown = known || answer.isPresent();
      if (!thread.isShutdown()) {
        thread.schedule(
            () -> beat(whenForgotten, nextKnown),
            (answer.isPresent() ? EVERY : RETRY).toMillis(),
            TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Stops, and withdraws the address. Blocks for as long as one call to Redis may take. */
  void stop() {
    thread.shutdownNow();
    try {
      // A beat that is under way would announce this pod again.
      thread.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    addresses.withdraw();
  }
}
