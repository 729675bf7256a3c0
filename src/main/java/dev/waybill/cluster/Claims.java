package dev.waybill.cluster;

import dev.waybill.event.EventId;
import dev.waybill.event.Pod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.annotation.Profile;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/**
 * The claims in Redis. A claim is an entry that says which pod has which emitter. An emitter is the
 * connection of a watching client. All methods block on Redis.
 */
@Component
@Profile("cluster")
class Claims {

  /**
   * The time after which a claim expires if it is not renewed. A claim is renewed at least every 15
   * s, so two failed renewals do no harm.
   */
  static final Duration LIFE = Duration.ofSeconds(60);

  /**
   * The maximum number of streams in one round trip to Redis. With this limit, the round trip is
   * short, so no other call waits long for it.
   */
  static final int BATCH_STREAMS = 500;

  private static final String TAKE = "+";
  private static final String RELEASE = "-";

  private final Redis redis;
  private final Pod self;

  Claims(Redis redis, Pod self) {
    this.redis = redis;
    this.self = self;
  }

  /** One emitter that was added to this pod or removed. */
  record Change(String emitterId, boolean taken) {}

  /**
   * The result of a renewal.
   *
   * @param lost the number of this pod's claims that were missing in Redis before the renewal
   * @param end the ID of the last event in the log; empty if there is no log
   * @param restart the mark of the last restart of the stream's log; an empty string if the log was
   *     never restarted or the mark has expired
   * @param owners the pods that have emitters of the stream
   */
  record Renewed(long lost, Optional<EventId> end, String restart, List<String> owners) {}

  /**
   * Writes to Redis which emitters were added to this pod and removed, in one round trip.
   *
   * @param changes by stream, at most {@link #BATCH_STREAMS} streams
   * @return for each stream the mark of the last restart of its log, or an empty string if the log
   *     was never restarted or the mark has expired; an empty {@code Optional} if Redis failed
   */
  Optional<Map<String, String>> change(Map<String, List<Change>> changes) {
    if (changes.size() == 1) {
      // Usually only one stream has changes. For one stream, no pipeline is needed. A pipeline
      // would open a separate connection.
      Map.Entry<String, List<Change>> only = changes.entrySet().iterator().next();
      return redis.ask(template -> changeOne(template, only.getKey(), only.getValue()));
    }
    Map<String, Boolean> emitters = new LinkedHashMap<>();
    changes.values().forEach(some -> some.forEach(it -> emitters.put(it.emitterId(), it.taken())));
    return redis
        .pipelined(
            Script.CLAIM,
            connection -> {
              changes.forEach(
                  (streamId, each) ->
                      Script.CLAIM.pipeline(connection, claimKeys(streamId), claimArguments(each)));
              emitters.forEach((id, taken) -> map(connection, id, taken));
            })
        .map(
            answers -> {
              Map<String, String> restarts = new LinkedHashMap<>();
              int i = 0;
              for (String streamId : changes.keySet()) {
                restarts.put(streamId, String.valueOf(answers.get(i++)));
              }
              return restarts;
            });
  }

  private Map<String, String> changeOne(
      StringRedisTemplate template, String streamId, List<Change> changes) {
    Object restart =
        Script.CLAIM.run(template, claimKeys(streamId), claimArguments(changes).toArray());
    for (Change change : changes) {
      String key = RedisKeys.emitter(change.emitterId());
      if (change.taken()) {
        template.opsForValue().set(key, self.id(), LIFE);
      } else {
        template.delete(key);
      }
    }
    return Map.of(streamId, String.valueOf(restart));
  }

  /** Adds a command to the pipeline that writes or deletes the entry from an emitter to its pod. */
  private void map(RedisConnection pipeline, String emitterId, boolean taken) {
    byte[] key = RedisKeys.emitter(emitterId).getBytes(StandardCharsets.US_ASCII);
    if (taken) {
      byte[] pod = self.id().getBytes(StandardCharsets.US_ASCII);
      pipeline.stringCommands().pSetEx(key, LIFE.toMillis(), pod);
    } else {
      pipeline.keyCommands().del(key);
    }
  }

  /**
   * Writes all claims for some streams again, in one round trip.
   *
   * @param emitters by stream, the IDs of all emitters of this pod; at most {@link #BATCH_STREAMS}
   *     streams
   * @return the results in the same order; empty if Redis failed
   */
  Optional<List<Renewed>> renew(Map<String, List<String>> emitters) {
    return redis
        .pipelined(
            Script.RENEW,
            connection -> {
              emitters.forEach(
                  (streamId, ids) -> {
                    List<String> keys =
                        List.of(
                            RedisKeys.emitters(streamId),
                            RedisKeys.pods(streamId),
                            RedisKeys.events(streamId),
                            RedisKeys.restart(streamId));
                    List<String> arguments = ownArguments();
                    arguments.addAll(ids);
                    Script.RENEW.pipeline(connection, keys, arguments);
                  });
              emitters.values().stream()
                  .flatMap(List::stream)
                  .distinct()
                  .forEach(id -> map(connection, id, true));
            })
        .map(answers -> answers.stream().limit(emitters.size()).map(Claims::renewed).toList());
  }

  private static Renewed renewed(Object answer) {
    List<String> parts = ((List<?>) answer).stream().map(String::valueOf).toList();
    return new Renewed(
        Long.parseLong(parts.get(0)),
        EventId.parse(parts.get(1)),
        parts.get(2),
        parts.subList(3, parts.size()));
  }

  /**
   * Removes all claims of a pod for some streams, because the pod is dead or because this pod is
   * stopping.
   */
  void remove(Collection<String> streamIds, String podId) {
    List<String> all = List.copyOf(streamIds);
    boolean answered = true;
    for (int from = 0; from < all.size() && answered; from += BATCH_STREAMS) {
      List<String> some = all.subList(from, Math.min(from + BATCH_STREAMS, all.size()));
      answered =
          redis
              .pipelined(
                  Script.REMOVE_POD,
                  connection ->
                      some.forEach(
                          streamId ->
                              Script.REMOVE_POD.pipeline(
                                  connection, hashesOf(streamId), List.of(podId))))
              .isPresent();
    }
  }

  private List<String> claimArguments(List<Change> changes) {
    List<String> arguments = ownArguments();
    changes.forEach(each -> arguments.add((each.taken() ? TAKE : RELEASE) + each.emitterId()));
    return arguments;
  }

  private List<String> ownArguments() {
    return new ArrayList<>(List.of(self.id(), Long.toString(LIFE.toMillis())));
  }

  private static List<String> claimKeys(String streamId) {
    return List.of(
        RedisKeys.emitters(streamId), RedisKeys.pods(streamId), RedisKeys.restart(streamId));
  }

  private static List<String> hashesOf(String streamId) {
    return List.of(RedisKeys.emitters(streamId), RedisKeys.pods(streamId));
  }
}
