package dev.waybill.cluster;

import java.util.Optional;
import java.util.function.Function;
import lombok.extern.slf4j.Slf4j;
import org.springframework.context.annotation.Profile;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionCommands;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/**
 * The way to Redis for the whole pod: a call is answered within the command timeout, or not at all.
 * That Redis fails is no exception here, but an answer that every caller has to have a plan for.
 */
@Slf4j
@Component
@Profile("cluster")
class Redis {

  private static final int FIRST_TRIES = 3;

  private final StringRedisTemplate template;
  private final Breaker breaker = new Breaker(System::nanoTime);

  Redis(StringRedisTemplate template, ClusterMetrics metrics) {
    this.template = template;
    metrics.gaugeBreaker(() -> breaker.isOpen() ? 1 : 0);
  }

  /** Connects ahead of the first call, which would not have the time for it. */
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
   * @return its answer, or empty where Redis failed, was too slow, or was so just now
   */
  <T> Optional<T> ask(Function<StringRedisTemplate, T> call) {
    if (!breaker.letsThrough()) {
      return Optional.empty();
    }
    try {
      T answer = call.apply(template);
      if (breaker.succeeded()) {
        log.info("Redis answers again");
      }
      return Optional.of(answer);
    } catch (DataAccessException | IllegalStateException e) {
      if (breaker.failed()) {
        log.warn("Redis fails, going on without it: {}", reason(e));
      }
      log.debug("A call to Redis failed", e);
      return Optional.empty();
    }
  }

  private static String reason(Exception e) {
    return String.valueOf(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
  }
}
