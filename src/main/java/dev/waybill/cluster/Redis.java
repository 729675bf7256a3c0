package dev.waybill.cluster;

import dev.waybill.platform.OutageLog;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import lombok.extern.slf4j.Slf4j;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionCommands;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Calls Redis. A call is answered within the command timeout, or not at all. A failing Redis is no
 * exception here but an answer, which every caller must have a plan for. Thread-safe.
 */
@Slf4j
class Redis {

  private static final int FIRST_TRIES = 3;

  private final StringRedisTemplate template;
  private final OutageLog outages;
  private final Breaker breaker = new Breaker(System::nanoTime);
  private volatile boolean hasFailed;
  private volatile long failedAt;

  Redis(StringRedisTemplate template, OutageLog outages) {
    this.template = template;
    this.outages = outages;
  }

  /** Whether calls are not tried at the moment. */
  boolean isOpen() {
    return breaker.isOpen();
  }

  /** Whether a call has failed within the last such time. */
  boolean failedWithin(Duration time) {
    return hasFailed && System.nanoTime() - failedAt < time.toNanos();
  }

  /** Connects before the first call, which would not have the time for it. */
  boolean connects() {
    for (int i = 0; i < FIRST_TRIES; i++) {
      try {
        template.execute((RedisCallback<String>) RedisConnectionCommands::ping);
        return true;
      } catch (DataAccessException e) {
        log.debug("Cannot reach Redis", e);
      }
    }
    return false;
  }

  /**
   * Makes a call, which must not return null.
   *
   * @return its answer; empty if Redis failed or was too slow, now or a moment ago
   */
  <T> Optional<T> ask(Function<StringRedisTemplate, T> call) {
    if (!breaker.letsThrough()) {
      return Optional.empty();
    }
    try {
      T answer = call.apply(template);
      breaker.succeeded();
      return Optional.of(answer);
    } catch (DataAccessException | IllegalStateException e) {
      breaker.failed();
      failedAt = System.nanoTime();
      hasFailed = true;
      outages.report("redis", "Redis fails, this pod goes on without it: " + reason(e), null);
      log.debug("A call to Redis failed", e);
      return Optional.empty();
    }
  }

  private static String reason(Exception e) {
    return String.valueOf(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
  }
}
