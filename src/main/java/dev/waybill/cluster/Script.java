package dev.waybill.cluster;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/** The Lua scripts that Redis runs, each as one atomic step. */
@SuppressWarnings("rawtypes")
enum Script {
  /** Returns a list of texts. */
  APPEND("append", List.class, ReturnType.MULTI),
  /** Returns a text. */
  CLAIM("claim", String.class, ReturnType.VALUE),
  /** Returns 1 or 0. */
  RESTART("restart", Long.class, ReturnType.INTEGER),
  /** Returns a list of numbers. */
  COUNT("count", List.class, ReturnType.MULTI),
  /** Returns 1 or 0. */
  TAKE_PLACE("take-place", Long.class, ReturnType.INTEGER),
  /** Returns 1. */
  RENEW_PLACES("renew-places", Long.class, ReturnType.INTEGER),
  /** Returns a list of texts. */
  RENEW("renew", List.class, ReturnType.MULTI),
  /** Returns a number. */
  REMOVE_POD("remove-pod", Long.class, ReturnType.INTEGER);

  private final RedisScript<?> script;
  private final ReturnType returnType;

  Script(String file, Class<?> answer, ReturnType returnType) {
    this.script = RedisScript.of(new ClassPathResource("redis/" + file + ".lua"), answer);
    this.returnType = returnType;
  }

  /** Runs the script in one round trip, or in two if Redis does not have it any more. */
  Object run(StringRedisTemplate redis, List<String> keys, Object... arguments) {
    return redis.execute(script, keys, arguments);
  }

  /** Loads the script into Redis, for {@link #pipeline}. */
  void load(RedisConnection pipeline) {
    pipeline.scriptingCommands().scriptLoad(bytes(script.getScriptAsString()));
  }

  /** Queues a run. Its answer comes with those of the whole pipeline. */
  void pipeline(RedisConnection pipeline, List<String> keys, List<String> arguments) {
    byte[][] all =
        Stream.concat(keys.stream(), arguments.stream()).map(Script::bytes).toArray(byte[][]::new);
    pipeline.scriptingCommands().evalSha(script.getSha1(), returnType, keys.size(), all);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
