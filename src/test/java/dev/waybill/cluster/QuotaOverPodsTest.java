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
                      counter.tryAdd("events:key:1", 1, 1_000, Duration.ofMinutes(1));
                  if (counted.granted()) {
                    granted.incrementAndGet();
                  }
                });
          }
        }
      }
    }

    assertThat(granted).hasValue(1_000);
  }
}
