package dev.waybill.access;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.stereotype.Component;

/**
 * Reads keys and secrets before the first request, and then every 2 s, because another pod or the
 * command {@code key} can change them.
 */
@Slf4j
@Component
@DependsOnDatabaseInitialization
@RequiredArgsConstructor
class RefreshAccess implements SmartInitializingSingleton, DisposableBean {

  private static final long EVERY_MILLIS = 2_000;

  private final KnownKeys keys;
  private final TokenSecrets secrets;
  private final SessionStore sessions;
  private final AccessSwitch access;
  private final RefuseOpenStart refuseOpenStart;

  private @Nullable ScheduledExecutorService executor;

  /**
   * Reads the keys at the start. If this read fails, the start of the server fails. Without the
   * keys, the server does not know whether access control is on.
   */
  @Override
  public void afterSingletonsInstantiated() {
    keys.refresh();
    if (access.isOn()) {
      secrets.refresh();
    }
    refuseOpenStart.check(access.isOn());
    ScheduledExecutorService rounds =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("access").factory());
    rounds.scheduleWithFixedDelay(this::refresh, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    executor = rounds;
  }

  /**
   * Catches every exception and error. After an uncaught exception, the executor would never run
   * this method again.
   */
  private void refresh() {
    try {
      keys.refresh();
      if (access.isOn()) {
        secrets.refresh();
      }
      // Deletes old sessions even while access control is off, because the page can open a session
      // during that time, too.
      sessions.forgetOld();
    } catch (RuntimeException | Error e) {
      log.warn("Cannot read the keys; the known keys stay in use", e);
    }
  }

  @Override
  public void destroy() {
    if (executor != null) {
      executor.shutdownNow();
    }
  }
}
