package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.event.EventId;
import dev.waybill.event.EventPublisher.Published;
import dev.waybill.event.SampleTypes;
import dev.waybill.stream.FakeJobs;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * After PostgreSQL was restored from a backup, Redis has events of attempts that PostgreSQL does
 * not know.
 */
class RestoredDatabaseTest {

  private static final FakeJobs JOBS = new FakeJobs();
  private static TestRedis redis;
  private static TestPod a;
  private static TestPod b;

  private final String job = UUID.randomUUID().toString();

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    a = new TestPod(redis.port, JOBS);
    b = new TestPod(redis.port, JOBS);
  }

  @AfterAll
  static void stop() {
    a.close();
    b.close();
    redis.close();
  }

  @AfterEach
  void answer() {
    JOBS.onRead = () -> {};
  }

  @Test
  void anEarlierAttemptThanInRedisGoesOnAndItsWatchersGetASnapshot() throws IOException {
    JOBS.running(job, 3, 50);
    try (Watcher here = a.watch(job);
        Watcher there = b.watch(job)) {
      for (int i = 1; i <= 5; i++) {
        assertThat(publish(3, i)).isEqualTo(Published.DELIVERED);
      }
      here.until("3-5 rejected 3-5");
      there.until("3-5 rejected 3-5");

      JOBS.running(job, 1, 10);
      assertThat(publish(1, 1)).isEqualTo(Published.DELIVERED);
      assertThat(publish(1, 2)).isEqualTo(Published.DELIVERED);

      here.expect("end");
      there.expect("end");
    }
    expectLive("Last-Event-ID: 3-5");
  }

  @Test
  void theSameAttemptAgainStartsItsLogOver() throws IOException {
    JOBS.running(job, 1, 50);
    try (Watcher here = a.watch(job);
        Watcher there = b.watch(job)) {
      for (int i = 1; i <= 5; i++) {
        assertThat(publish(1, i)).isEqualTo(Published.DELIVERED);
      }
      here.until("1-5 rejected 1-5");
      there.until("1-5 rejected 1-5");

      JOBS.running(job, 1, 10);
      assertThat(a.publish(job, "1-1", SampleTypes.SNAPSHOT, "again", 0))
          .isEqualTo(Published.DELIVERED);
      assertThat(publish(1, 2)).isEqualTo(Published.DELIVERED);

      here.expect("end");
      there.expect("end");
    }
    // The clients reconnect without an ID, because the last bytes had an empty {@code id:}.
    expectLive();
  }

  @Test
  void onlyTheDatabaseStopsAnAttempt() {
    JOBS.running(job, 2, 0);
    assertThat(publish(2, 1)).isEqualTo(Published.DELIVERED);
    assertThat(publish(1, 7)).isEqualTo(Published.FENCED);
    JOBS.running(job, 1, 0);
    JOBS.onRead =
        () -> {
          throw new IllegalStateException("the database is away");
        };
    assertThat(publish(1, 8)).isEqualTo(Published.DELIVERED);
    RedisEventLog log = a.context.getBean(RedisEventLog.class);
    assertThat(log.end(job)).contains(new EventId(2, 1));
  }

  /** The log expires after its end was read and before it is emptied. */
  @Test
  void aLogThatHasExpiredIsMarkedAsStartedOver() {
    Redis pod = a.context.getBean("redis", Redis.class);
    List<String> keys = List.of(RedisKeys.events(job), RedisKeys.restart(job));

    assertThat(pod.ask(template -> Script.RESTART.run(template, keys, "3-5", "mark", "60000")))
        .contains(1L);
    assertThat(pod.ask(template -> template.opsForValue().get(RedisKeys.restart(job))))
        .contains("mark");
  }

  private void expectLive(String... headers) throws IOException {
    try (Watcher here = a.watch(job, headers);
        Watcher there = b.watch(job, headers)) {
      here.expect("1-2 snapshot {\"status\":\"RUNNING\",\"rows\":10}");
      there.expect("1-2 snapshot {\"status\":\"RUNNING\",\"rows\":10}");
      assertThat(publish(1, 3)).isEqualTo(Published.DELIVERED);
      here.expect("1-3 rejected 1-3");
      there.expect("1-3 rejected 1-3");
    }
  }

  private Published publish(int attempt, int sequence) {
    String id = attempt + "-" + sequence;
    return a.publish(job, id, sequence == 1 ? SampleTypes.SNAPSHOT : SampleTypes.REJECTED, id, 10);
  }
}
