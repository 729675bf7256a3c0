package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.stream.FakeJobs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A pod whose calls to Redis all take long, while many watchers connect. */
class SlowRedisTest {

  private static final int STREAMS = 60;

  private final FakeJobs jobs = new FakeJobs();

  @Test
  void aLivingPodKeepsItsAddressHoweverManyClaimsWait() throws Exception {
    List<String> streams = IntStream.range(0, STREAMS).mapToObj(i -> "job-" + i).toList();
    streams.forEach(id -> jobs.running(id, 1, 0));
    try (TestRedis redis = new TestRedis();
        TestRedis.Commands commands = redis.commands();
        SlowProxy proxy = new SlowProxy(redis.port, Duration.ofMillis(300));
        TestPod pod =
            new TestPod(
                proxy.port,
                jobs,
                // Long, so that only pod heartbeats and claims call Redis, and no stream
                // heartbeats.
                "--waybill.stream.heartbeat=60s");
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      String address = "waybill:pod:" + pod.id;
      await().until(() -> commands.run.exists(address) == 1);
      List<Future<Watcher>> watchers = new ArrayList<>();
      streams.forEach(id -> watchers.add(clients.submit(() -> pod.watch(id))));
      await()
          .during(Duration.ofSeconds(9))
          .atMost(Duration.ofSeconds(12))
          .untilAsserted(
              () ->
                  assertThat(commands.run.pttl(address))
                      .isGreaterThan(Duration.ofSeconds(8).toMillis()));
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(streams)
                      .allMatch(id -> commands.run.exists("waybill:{" + id + "}:pods") == 1));
      for (Future<Watcher> each : watchers) {
        close(each.get());
      }
    }
  }

  private static void close(Watcher watcher) throws IOException {
    watcher.close();
  }
}
