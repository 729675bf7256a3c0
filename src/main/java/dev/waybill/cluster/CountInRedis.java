package dev.waybill.cluster;

import dev.waybill.access.CountOnThisPod;
import dev.waybill.access.WindowCounter;
import java.time.Duration;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Counts, over all pods, how much of its quotas each caller uses. While Redis does not answer, each
 * pod counts separately, so a caller may use its whole quota on each pod.
 */
@Component
@Primary
@Profile("cluster")
@RequiredArgsConstructor
class CountInRedis implements WindowCounter {

  private final Redis redis;
  private final CountOnThisPod withoutRedis = new CountOnThisPod();

  @Override
  public Counted tryAdd(List<String> keys, long amount, long limit, Duration window) {
    return redis
        .ask(
            template ->
                (List<?>)
                    Script.COUNT.run(
                        template,
                        keys.stream().map(RedisKeys::quota).toList(),
                        Long.toString(amount),
                        Long.toString(limit),
                        Long.toString(window.toMillis())))
        .map(answer -> new Counted(number(answer, 0) == 1, number(answer, 1), number(answer, 2)))
        .orElseGet(() -> withoutRedis.tryAdd(keys, amount, limit, window));
  }

  private static long number(List<?> answer, int index) {
    return ((Number) answer.get(index)).longValue();
  }
}
