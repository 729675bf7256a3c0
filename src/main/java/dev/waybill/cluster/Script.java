package dev.waybill.cluster;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/** What Redis does in one step, kept as a file on the class path. */
@SuppressWarnings("rawtypes")
enum Script {
  /** Answers a list of texts. */
  APPEND("append", List.class, ReturnType.MULTI),
  /** Returns a text. */
  CLAIM("claim", String.class, ReturnType.VALUE),
  /** Returns 1 or 0. */
  RESTART("restart", Long.class, ReturnType.INTEGER),
  /** Answers a list of texts. */
  RENEW("renew", List.class, ReturnType.MULTI),
  /** Answers a number. */
  REMOVE_POD("remove-pod", Long.class, ReturnType.INTEGER);

  private final RedisScript<?> script;
  private final ReturnType returnType;

  Script(String file, Class<?> answer, ReturnType returnType) {
    this.script = RedisScript.of(new ClassPathResource("redis/" + file + ".lua"), answer);
    this.returnType = returnType;
  }

  /** Runs it in one round trip; in two after Redis has forgotten it. */
  Object run(StringRedisTemplate redis, List<String> keys, Object... arguments) {
    return redis.execute(script, keys, arguments);
  }

  /** Has Redis know it, for {@link #pipeline}. */
  void load(RedisConnection pipeline) {
    pipeline.scriptingCommands().scriptLoad(bytes(script.getScriptAsString()));
  }

  /** Queues a run; its answer comes with those of the whole pipeline. */
  void pipeline(RedisConnection pipeline, List<String> keys, List<String> arguments) {
    byte[][] all =
        Stream.concat(keys.stream(), arguments.stream()).map(Script::bytes).toArray(byte[][]::new);
    pipeline.scriptingCommands().evalSha(script.getSha1(), returnType, keys.size(), all);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
