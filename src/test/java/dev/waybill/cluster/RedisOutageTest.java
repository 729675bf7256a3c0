package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.event.EventId;
import dev.waybill.event.EventPublisher.Published;
import dev.waybill.event.EventType;
import dev.waybill.event.SampleTypes;
import dev.waybill.stream.FakeJobs;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two pods, whose Redis fails while they run. */
class RedisOutageTest {

  /** Longer than a pause of this process, and shorter than the outages of these tests. */
  private static final String TIMEOUT = "--spring.data.redis.timeout=1500ms";

  private final FakeJobs jobs = new FakeJobs();
  private final String job = UUID.randomUUID().toString();
  private final TestRedis redis = new TestRedis();
  private TestPod a;
  private TestPod b;

  @BeforeEach
  void start() {
    a = new TestPod(redis.port, jobs, TIMEOUT);
    b = new TestPod(redis.port, jobs, TIMEOUT);
    jobs.running(job, 1, 0);
    assertThat(publish(1)).isEqualTo(Published.DELIVERED);
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
    redis.close();
  }

  @Test
  void withoutRedisWatchersGoOnAndComeBackToLiveWithAnEmptyOne() throws IOException {
    try (Watcher here = a.watch(job);
        Watcher there = b.watch(job)) {
      here.next();
      there.next();
      publish(2);
      here.expect("1-2 rejected 2");
      there.expect("1-2 rejected 2");
      redis.stop();

      publish(3);
      here.until("1-3 rejected 3");
      // The publishing pod still knows from before which pods have watchers.
      there.until("1-3 rejected 3");

      redis.start();
      try (TestRedis.Commands commands = redis.commands()) {
        await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () ->
                    commands
                        .run
                        .hgetall("waybill:{" + job + "}:pods")
                        .equals(Map.of(a.id, "1", b.id, "1")));
      }
      await().until(() -> a.breaker() == 0);
      jobs.running(job, 1, 4);
      publish(4);
      here.until("1-4 rejected 4");
      there.until("1-4 rejected 4");
    }
  }

  @Test
  @Shows("event.id.snapshot")
  void aWatcherThatComesWhileRedisIsDownSeesTheStateWithEachHeartbeatAndTheEnd()
      throws IOException {
    redis.stop();
    jobs.running(job, 1, 10);
    try (Watcher there = b.watch(job)) {
      there.expect("1-1 snapshot {\"status\":\"RUNNING\",\"rows\":10}");
      publish(2);
      jobs.running(job, 1, 20);
      there.until("1-1 snapshot {\"status\":\"RUNNING\",\"rows\":20}");
      jobs.running(job, 1, 30);
      there.until("1-1 snapshot {\"status\":\"RUNNING\",\"rows\":30}");
      a.publish(jobs.finished(job, new EventId(1, 3), 40));
      there.until("1-3 complete {\"status\":\"COMPLETED\",\"rows\":40}");
      there.expect("end");
    }
  }

  @Test
  void aRedisThatHangsIsWaitedForOnceAndItsNumbersAreBurned() throws IOException {
    try (TestRedis.Commands commands = redis.commands();
        Watcher here = a.watch(job)) {
      here.next();
      commands.run.clientPause(6000);
      long start = System.nanoTime();
      for (int i = 2; i <= 50; i++) {
        assertThat(publish(i)).isEqualTo(Published.DELIVERED);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
      for (int i = 2; i <= 50; i++) {
        here.until("1-" + i + " rejected " + i);
      }
      assertThat(a.breaker()).isOne();
      await().until(() -> a.breaker() == 0);
      assertThat(publish(51)).isEqualTo(Published.DELIVERED);
      here.until("1-51 rejected 51");
      RedisEventLog log = a.context.getBean(RedisEventLog.class);
      assertThat(log.end(job)).contains(new EventId(1, 51));
      assertThat(log.after(job, new EventId(1, 1))).isEmpty();
    }
  }

  @Test
  void afterAnOutageTheIdOfASnapshotIsNotBelowTheLastOneSeen() throws IOException {
    try (TestRedis.Commands commands = redis.commands();
        Watcher here = a.watch(job)) {
      here.next();
      // Long enough that the heartbeat of a pod without watchers also fails.
      commands.run.clientPause(7000);
      for (int i = 2; i <= 50; i++) {
        publish(i);
      }
      here.until("1-50 rejected 50");
      RedisEventLog log = b.context.getBean(RedisEventLog.class);
      await().until(log::mayLackEvents);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> log.end(job).filter(new EventId(1, 50)::isAfter).isPresent());
      try (Watcher resumed = b.watch(job, "Last-Event-ID: 1-50")) {
        resumed.expect("1-50 snapshot {\"status\":\"RUNNING\",\"rows\":0}");
        await().until(() -> a.breaker() == 0);
        publish(51);
        resumed.expect("1-51 snapshot {\"status\":\"RUNNING\",\"rows\":0}");
        publish(52);
        assertThat(log.end(job)).as("Redis is well again").contains(new EventId(1, 52));
        resumed.expect("1-52 rejected 52");
      }
    }
  }

  @Test
  void anIdFromTheFutureCountsAsNoneWhileRedisIsWell() throws IOException {
    try (Watcher future = b.watch(job, "Last-Event-ID: 1-999999")) {
      future.expect("1-1 snapshot {\"status\":\"RUNNING\",\"rows\":0}");
      publish(2);
      future.expect("1-2 rejected 2");
    }
  }

  private Published publish(int sequence) {
    EventType type = sequence == 1 ? SampleTypes.SNAPSHOT : SampleTypes.REJECTED;
    return a.publish(job, "1-" + sequence, type, Integer.toString(sequence), 0);
  }
}
