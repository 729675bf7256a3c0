package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.event.EventPublisher.Published;
import dev.waybill.event.SampleTypes;
import dev.waybill.stream.FakeJobs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Checks that a pod logs only a few lines while Redis does not answer. */
@ExtendWith(OutputCaptureExtension.class)
class RedisOutageLogTest {

  private static final String JOB = "job";
  private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("outage.seconds", 8));

  private final FakeJobs jobs = new FakeJobs();

  @Test
  void anOutageIsOneLine(CapturedOutput output) throws IOException {
    jobs.running(JOB, 1, 0);
    try (TestRedis redis = new TestRedis();
        TestPod pod = new TestPod(redis.port, jobs);
        Watcher watcher = pod.watch(JOB)) {
      watcher.next();
      int before = lines(output).size();
      redis.stop();
      AtomicInteger sequence = new AtomicInteger();
      await()
          .pollInterval(Duration.ofMillis(100))
          .during(OUTAGE)
          .atMost(OUTAGE.plusSeconds(10))
          .until(
              () ->
                  pod.publish(JOB, "1-" + sequence.incrementAndGet(), SampleTypes.REJECTED, "r", 0)
                      == Published.DELIVERED);
      redis.start();
      await().atMost(Duration.ofSeconds(20)).until(() -> pod.breaker() == 0);
      List<String> logged = lines(output).subList(before, lines(output).size());
      // The second line does not report the outage: it says that Redis has lost its data.
      assertThat(logged).hasSizeLessThanOrEqualTo(2);
      assertThat(logged.getFirst()).contains("redis: Redis fails, this pod goes on without it");
      assertThat(logged.subList(1, logged.size())).allMatch(each -> each.contains("had forgotten"));
    }
  }

  /**
   * The log lines of the pod. Other lines are left out: the test's Redis writes to the same output,
   * and so do the scheduled tasks of an application that an earlier test left running in this
   * process.
   */
  private static List<String> lines(CapturedOutput output) {
    return output
        .getAll()
        .lines()
        .filter(each -> each.contains("[waybill]"))
        .filter(each -> !each.contains("scheduled-"))
        .toList();
  }
}
