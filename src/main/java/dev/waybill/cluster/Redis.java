package dev.waybill.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.platform.OutageLog;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.async.RedisHashAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import lombok.extern.slf4j.Slf4j;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionCommands;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Calls Redis. Each command ends within the command timeout. If Redis fails, a call does not throw
 * an exception. The call returns an empty result, which every caller must handle. Thread-safe.
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

  /** Whether the circuit breaker is open. While it is open, no call reaches Redis. */
  boolean isOpen() {
    return breaker.isOpen();
  }

  /** Whether a call has failed within the given time. */
  boolean failedWithin(Duration time) {
    return hasFailed && System.nanoTime() - failedAt < time.toNanos();
  }

  /** Connects before the first call, because the timeout of a call is too short to connect. */
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
   * @return the answer; empty if Redis failed or was too slow, in this call or in an earlier call a
   *     short time before
   */
  <T> Optional<T> ask(Function<StringRedisTemplate, T> call) {
    if (!breaker.letsThrough()) {
      return Optional.empty();
    }
    try {
      T answer = call.apply(template);
      breaker.succeeded();
      return Optional.of(answer);
    } catch (DataAccessException | IllegalStateException | RedisException e) {
      breaker.failed();
      failedAt = System.nanoTime();
      hasFailed = true;
      outages.report("redis", "Redis fails, this pod goes on without it: " + reason(e), null);
      log.debug("A call to Redis failed", e);
      return Optional.empty();
    }
  }

  /**
   * Sends many commands in one round trip. Spring opens a separate connection for these commands.
   *
   * @return the answers in the order of the commands; empty as with {@link #ask}
   */
  @SuppressWarnings("NullAway") // Spring wants null from a callback whose answers it collects
  Optional<List<Object>> pipelined(Consumer<RedisConnection> commands) {
    return ask(
        template ->
            template.executePipelined(
                (RedisCallback<Object>)
                    connection -> {
                      commands.accept(connection);
                      return null;
                    }));
  }

  /**
   * Runs one script many times in one round trip. Returns the answers in the order of the runs;
   * empty as with {@link #ask}.
   */
  Optional<List<Object>> pipelined(Script script, Consumer<RedisConnection> runs) {
    return pipelined(
            connection -> {
              script.load(connection);
              runs.accept(connection);
            })
        .map(answers -> answers.subList(1, answers.size())); // the first answer belongs to the load
  }

  /**
   * Reads hashes in one round trip. Does not use Spring's pipeline, which would open a separate
   * connection for each call.
   *
   * @return one map for each key, in the same order; the map of a missing hash is empty. An empty
   *     {@code Optional} if Redis failed
   */
  Optional<List<Map<String, String>>> hashes(List<String> keys) {
    return ask(template -> Objects.requireNonNull(template.execute(readHashes(template, keys))));
  }

  @SuppressWarnings("unchecked") // Spring opens its connections for keys and values in bytes
  private static RedisCallback<List<Map<String, String>>> readHashes(
      StringRedisTemplate template, List<String> keys) {
    long timeout =
        ((LettuceConnectionFactory) template.getRequiredConnectionFactory()).getTimeout();
    return connection -> {
      var commands = (RedisHashAsyncCommands<byte[], byte[]>) connection.getNativeConnection();
      return keys.stream()
          .map(key -> commands.hgetall(key.getBytes(UTF_8)))
          .toList() // sends all before it waits for the first answer
          .stream()
          .map(answer -> LettuceFutures.awaitOrCancel(answer, timeout, TimeUnit.MILLISECONDS))
          .map(Redis::texts)
          .toList();
    };
  }

  private static Map<String, String> texts(Map<byte[], byte[]> hash) {
    return hash.entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> new String(entry.getKey(), UTF_8),
                entry -> new String(entry.getValue(), UTF_8)));
  }

  private static String reason(Exception e) {
    return String.valueOf(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
  }
}
