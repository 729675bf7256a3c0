package dev.waybill.stream;

import java.time.Duration;
import lombok.RequiredArgsConstructor;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Ends every stream when the pod stops, before the web server begins its graceful shutdown, which
 * would wait for open responses until its own time is up. Jobs stop in a higher phase, so that
 * their last events still go out.
 */
@Component
@RequiredArgsConstructor
class EndStreams implements SmartLifecycle {

  /** Clients that do not read get no longer, and are cut off with the web server. */
  private static final Duration FLUSH_TIME = Duration.ofSeconds(2);

  static final int PHASE = WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 100;

  private final EmitterRegistry registry;
  private volatile boolean running;

  @Override
  public void start() {
    registry.open();
    running = true;
  }

  @Override
  public void stop() {
    registry.close();
    try {
      registry.awaitEmpty(FLUSH_TIME);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
