package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.access.WindowCounter;
import dev.waybill.contract.Shows;
import dev.waybill.stream.FakeJobs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QuotaOverPodsTest {

  @Test
  @Shows("access.quota.pods")
  void threePodsCountTogether() throws Exception {
    FakeJobs jobs = new FakeJobs();
    AtomicInteger granted = new AtomicInteger();
    try (TestRedis redis = new TestRedis();
        TestPod one = new TestPod(redis.port, jobs);
        TestPod two = new TestPod(redis.port, jobs);
        TestPod three = new TestPod(redis.port, jobs)) {
      try (ExecutorService callers = Executors.newFixedThreadPool(6)) {
        for (TestPod pod : List.of(one, two, three)) {
          WindowCounter counter = pod.context.getBean(WindowCounter.class);
          for (int i = 0; i < 500; i++) {
            callers.submit(
                () -> {
                  WindowCounter.Counted counted =
                      counter.tryAdd(List.of("events:key:1"), 1, 1_000, Duration.ofMinutes(1));
                  if (counted.granted()) {
                    granted.incrementAndGet();
                  }
                });
          }
        }
      }
      assertThat(granted).hasValue(1_000);

      WindowCounter counter = one.context.getBean(WindowCounter.class);
      Duration second = Duration.ofSeconds(1);
      List<String> windows = List.of("events:key:2", "events:address:192.0.2.7");
      WindowCounter.Counted large = counter.tryAdd(windows, 30_000, 1_000, second);
      assertThat(large.granted()).as("an amount above the limit, where nothing is used").isTrue();
      assertThat(large.resetMillis()).isBetween(25_000L, 30_000L);
      List<String> others = List.of("events:key:3", "events:address:192.0.2.7");
      assertThat(counter.tryAdd(others, 1, 1_000, second).granted()).isFalse();
      assertThat(counter.tryAdd(List.of("events:key:3"), 1, 1_000, second).used())
          .as("what one window refuses counts in none")
          .isEqualTo(1);
    }
  }
}
