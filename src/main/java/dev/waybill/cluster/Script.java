package dev.waybill.cluster;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/** The Lua scripts that Redis runs. Redis runs each script as one atomic step. */
@SuppressWarnings("rawtypes")
enum Script {
  /** Appends an event to the log. Returns a list of texts. */
  APPEND("append", List.class, ReturnType.MULTI),
  /** Writes or removes claims. Returns a text. */
  CLAIM("claim", String.class, ReturnType.VALUE),
  /** Empties a log. Returns 1 or 0. */
  RESTART("restart", Long.class, ReturnType.INTEGER),
  /** Counts the use of a quota. Returns a list of numbers. */
  COUNT("count", List.class, ReturnType.MULTI),
  /**
   * Counts one more place (for example, a connection) of a caller if the limit allows one more.
   * Returns 1 or 0.
   */
  TAKE_PLACE("take-place", Long.class, ReturnType.INTEGER),
  /** Renews places. Returns 1. */
  RENEW_PLACES("renew-places", Long.class, ReturnType.INTEGER),
  /** Writes all claims for a stream again. Returns a list of texts. */
  RENEW("renew", List.class, ReturnType.MULTI),
  /** Removes the claims of a pod. Returns a number. */
  REMOVE_POD("remove-pod", Long.class, ReturnType.INTEGER);

  private final RedisScript<?> script;
  private final ReturnType returnType;

  Script(String file, Class<?> answer, ReturnType returnType) {
    this.script = RedisScript.of(new ClassPathResource("redis/" + file + ".lua"), answer);
    this.returnType = returnType;
  }

  /** Runs the script in one round trip, or in two if Redis no longer has the script. */
  Object run(StringRedisTemplate redis, List<String> keys, Object... arguments) {
    return redis.execute(script, keys, arguments);
  }

  /** Loads the script into Redis, for {@link #pipeline}. */
  void load(RedisConnection pipeline) {
    pipeline.scriptingCommands().scriptLoad(bytes(script.getScriptAsString()));
  }

  /**
   * Adds a run of the script to a pipeline. The pipeline returns the answer of this run together
   * with its other answers.
   */
  void pipeline(RedisConnection pipeline, List<String> keys, List<String> arguments) {
    byte[][] all =
        Stream.concat(keys.stream(), arguments.stream()).map(Script::bytes).toArray(byte[][]::new);
    pipeline.scriptingCommands().evalSha(script.getSha1(), returnType, keys.size(), all);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
