package dev.waybill.cluster;

import dev.waybill.event.EventId;
import dev.waybill.event.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.stereotype.Component;

/** Who holds which emitter, as Redis has it. Blocks on Redis. */
@Component
@Profile("cluster")
@RequiredArgsConstructor
class Claims {

  /** Three renewals may fail before a claim is forgotten. */
  static final Duration LIFE = Duration.ofSeconds(60);

  /** Streams that are renewed by one pipeline. */
  static final int PIPELINE_STREAMS = 500;

  private static final String TAKE = "+";
  private static final String GIVE_BACK = "-";

  private final Redis redis;
  private final Pod self;

  /** One emitter taken or given back. */
  record Change(String emitterId, boolean taken) {}

  /**
   * What a renewal found.
   *
   * @param lost how many of this pod's claims were gone
   * @param end the log's end, as text; empty without a log
   * @param owners the pods that hold emitters of the stream
   */
  record Renewed(long lost, Optional<EventId> end, List<String> owners) {}

  void change(String streamId, List<Change> changes) {
    List<String> arguments = ownArguments();
    changes.forEach(each -> arguments.add((each.taken() ? TAKE : GIVE_BACK) + each.emitterId()));
    redis.ask(template -> Script.CLAIM.run(template, hashesOf(streamId), arguments.toArray()));
  }

  /**
   * Writes all claims on some streams anew by one round trip.
   *
   * @param emitters by stream, the IDs of all emitters that this pod holds
   * @return what was found, in the same order; empty where Redis failed
   */
  @SuppressWarnings("NullAway") // a pipelined callback must return null
  Optional<List<Renewed>> renew(Map<String, List<String>> emitters) {
    return redis.ask(
        template -> {
          // The answer to loading comes first.
          List<Object> answers =
              template.executePipelined(
                  (RedisCallback<Object>)
                      connection -> {
                        Script.RENEW.load(connection);
                        emitters.forEach(
                            (streamId, ids) -> {
                              List<String> keys = new ArrayList<>(hashesOf(streamId));
                              keys.add(RedisKeys.events(streamId));
                              List<String> arguments = ownArguments();
                              arguments.addAll(ids);
                              Script.RENEW.pipeline(connection, keys, arguments);
                            });
                        return null;
                      });
          return answers.stream().skip(1).map(Claims::renewed).toList();
        });
  }

  private static Renewed renewed(Object answer) {
    List<String> parts = ((List<?>) answer).stream().map(String::valueOf).toList();
    return new Renewed(
        Long.parseLong(parts.get(0)), EventId.parse(parts.get(1)), parts.subList(2, parts.size()));
  }

  /** Removes all claims of a pod on a stream: of a dead one, or of this one as it leaves. */
  void remove(String streamId, String podId) {
    redis.ask(template -> Script.REMOVE_POD.run(template, hashesOf(streamId), podId));
  }

  private List<String> ownArguments() {
    return new ArrayList<>(List.of(self.id(), Long.toString(LIFE.toMillis())));
  }

  private static List<String> hashesOf(String streamId) {
    return List.of(RedisKeys.emitters(streamId), RedisKeys.pods(streamId));
  }
}
