package dev.waybill.stream;

import java.time.Duration;
import lombok.RequiredArgsConstructor;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Ends every stream when the pod stops, before the graceful shutdown of the web server. If streams
 * were still open, that shutdown would wait for the streams until its timeout. Jobs stop before the
 * streams end, so that clients still get the last events of the jobs.
 */
@Component
@RequiredArgsConstructor
class EndStreams implements SmartLifecycle {

  /**
   * The time that clients have to read their last events. After this time, the web server closes
   * their connections.
   */
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
