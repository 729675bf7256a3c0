package dev.waybill.cluster;

import java.time.Duration;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Adds this pod to the cluster when Waybill starts, and removes the pod when Waybill stops. The
 * removal comes after the jobs have stopped, because the last events of the jobs must still be
 * forwarded. The removal comes before the emitters end, so that other pods no longer forward events
 * to this pod.
 */
@Slf4j
@Component
@Profile("cluster")
@RequiredArgsConstructor
class JoinCluster implements SmartLifecycle {

  private static final Duration FLUSH_TIME = Duration.ofSeconds(3);

  private final Directory directory;
  private final Forwarder forwarder;
  private final Redis redis;
  private final DataRedisConnectionDetails redisAddress;
  private final ClusterProperties properties;
  private volatile boolean running;

  @Override
  public void start() {
    boolean connected = redis.connects();
    directory.join();
    if (connected) {
      log.info("In the cluster as {}", properties.advertiseUrl());
    } else {
      // The pod starts although Redis does not answer, because imports and the watchers of this pod
      // need no Redis.
      log.error(
          "Redis does not answer at {}. Until it does, watchers see live only what this pod"
              + " imports. Check spring.data.redis.url (or .host, .port, .password) if this does"
              + " not pass.",
          address());
    }
    running = true;
  }

  private String address() {
    DataRedisConnectionDetails.Standalone standalone = redisAddress.getStandalone();
    return standalone == null
        ? "its configured nodes"
        : standalone.getHost() + ":" + standalone.getPort();
  }

  @Override
  public void stop() {
    try {
      forwarder.flush(FLUSH_TIME);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    directory.leave();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Stops after the jobs and before the streams. */
  @Override
  public int getPhase() {
    return SmartLifecycle.DEFAULT_PHASE - 500;
  }
}
