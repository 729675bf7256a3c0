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
 * Renews this pod's address in Redis, on a separate thread and connection. If the renewal waited
 * until claims are written, the address of a living pod could expire while Redis is slow. The other
 * pods would then remove the pod's claims, and the pod's watchers would get no events.
 */
@Slf4j
@Component
@Profile("cluster")
@RequiredArgsConstructor
class PodHeartbeat {

  /**
   * The period after which the address is renewed. Without a renewal, the address expires after
   * three periods. A failed renewal is retried after {@link #RETRY}, so a few failures do no harm.
   */
  static final Duration EVERY = Duration.ofSeconds(5);

  /** The time after which a failed renewal is retried. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final PodAddresses addresses;
  private final OutageLog outages;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("cluster-heartbeat").daemon().factory());

  /** Stores this pod's address immediately, and then regularly. */
  void start(Runnable whenForgotten) {
    thread.execute(() -> beat(whenForgotten, false));
  }

  private void beat(Runnable whenForgotten, boolean known) {
    Optional<Boolean> answer = Optional.empty();
    try {
      answer = addresses.announce();
      if (known && answer.isPresent() && !answer.get()) {
        // Redis did not have the address of this pod. Either Redis has lost its data, or this pod
        // was frozen or without Redis for so long that its address expired. Redis may have lost
        // this pod's claims as well.
        log.info("Redis had forgotten this pod; its emitters are claimed again");
        whenForgotten.run();
      }
    } catch (Throwable e) {
      // Catches every Throwable, including an OutOfMemoryError. After an uncaught Throwable, no
      // further heartbeat would follow, and the other pods would treat this pod as dead.
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

  /**
   * Stops the heartbeat and removes the address. Waits up to one second for a heartbeat in
   * progress, and then for Redis.
   */
  void stop() {
    thread.shutdownNow();
    try {
      // Waits for a heartbeat in progress, because it would store the address again.
      thread.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    addresses.withdraw();
  }
}
