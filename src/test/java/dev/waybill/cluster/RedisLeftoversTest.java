package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.event.EventId;
import dev.waybill.event.SampleTypes;
import dev.waybill.stream.FakeJobs;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The Redis keys that remain after jobs have ended; two pods share this Redis. */
class RedisLeftoversTest {

  private static final String RETENTION = "--waybill.events.retention=1s";

  private final FakeJobs jobs = new FakeJobs();

  @Test
  @Shows("setting.events.retention")
  void nothingIsLeftARetentionAfterTheLastJob() throws IOException {
    try (TestRedis redis = new TestRedis();
        TestRedis.Commands commands = redis.commands();
        TestPod a = new TestPod(redis.port, jobs, RETENTION);
        TestPod b = new TestPod(redis.port, jobs, RETENTION)) {
      for (int i = 0; i < 5; i++) {
        watchToTheEnd(UUID.randomUUID().toString(), a, b, commands);
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(keys(commands))
                      .containsExactlyInAnyOrder(
                          "waybill:pods", "waybill:pod:" + a.id, "waybill:pod:" + b.id));
      a.close();
      b.close();
      assertThat(keys(commands)).isEmpty();
    }
  }

  private void watchToTheEnd(String job, TestPod a, TestPod b, TestRedis.Commands commands)
      throws IOException {
    jobs.running(job, 1, 0);
    a.publish(job, "1-1", SampleTypes.SNAPSHOT, "{}", 0);
    try (Watcher here = a.watch(job);
        Watcher there = b.watch(job);
        Watcher leaves = b.watch(job)) {
      leaves.next();
      leaves.close();
      a.publish(job, "1-2", SampleTypes.REJECTED, "r", 0);
      here.until("1-2 rejected r");
      there.until("1-2 rejected r");
      // Every key has a time to live, so it expires even if its pod dies now. The key of the
      // emitter that leaves may disappear in the meantime; then the command returns -2.
      assertThat(keys(commands))
          .hasSizeGreaterThan(3)
          .allMatch(key -> commands.run.pttl(key) > 0 || commands.run.pttl(key) == -2);
      a.publish(jobs.finished(job, new EventId(1, 3), 10));
      here.until("1-3 complete {\"status\":\"COMPLETED\",\"rows\":10}");
      there.until("1-3 complete {\"status\":\"COMPLETED\",\"rows\":10}");
    }
  }

  private static Set<String> keys(TestRedis.Commands commands) {
    return Set.copyOf(commands.run.keys("*"));
  }
}
