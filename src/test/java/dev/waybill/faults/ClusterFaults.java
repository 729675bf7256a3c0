package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.faults.pod.FaultPoint;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Each fault, at several points of an import; {@code scripts/cluster-faults} runs it. */
class ClusterFaults {

  private static final int ROWS = 200_000;

  private static final Duration PAUSE = Duration.ofSeconds(30);

  private static FaultTrial trial;

  @BeforeAll
  static void start() {
    trial = new FaultTrial("--waybill.import.chunk-rows=100");
  }

  @AfterAll
  static void stop() {
    trial.close();
  }

  @ParameterizedTest
  @CsvSource({
    "0, PICKED",
    "0.2, WITHIN_A_COPY",
    "0.5,",
    "0.7, AFTER_A_COMMIT",
    "0.9, BEFORE_A_PUBLISH"
  })
  void theWorkingPodIsKilled(double at, @Nullable FaultPoint point) throws Exception {
    trial.run(ROWS, at, point, FaultTrial::killWorker);
  }

  @ParameterizedTest
  @CsvSource({"0.1,", "0.4, WITHIN_A_COPY", "0.8, BEFORE_A_PUBLISH"})
  void aPodThatOnlyWatchesIsKilled(double at, @Nullable FaultPoint point) throws Exception {
    trial.run(
        ROWS,
        at,
        point,
        (cluster, work, worker) -> {
          String other =
              Cluster.PODS.stream().filter(pod -> !pod.equals(worker)).findFirst().orElseThrow();
          cluster.kill(other);
          cluster.thaw(worker);
          assertThat(work.awaitEnd().get("attempt").asInt()).isEqualTo(1);
          return "pod %s killed while pod %s worked on".formatted(other, worker);
        });
  }

  @ParameterizedTest
  @CsvSource({"0, PICKED", "0.1,", "0.4, AFTER_A_COMMIT", "0.7, BEFORE_A_PUBLISH"})
  void theWorkingPodIsFrozen(double at, @Nullable FaultPoint point) throws Exception {
    trial.run(ROWS, at, point, ClusterFaults::freezeWorker);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2, 0.6})
  void theWorkingPodIsFrozenWithinACopy(double at) throws Exception {
    trial.run(
        ROWS,
        at,
        FaultPoint.WITHIN_A_COPY,
        (cluster, work, worker) -> {
          Awaitility.await("PostgreSQL waits for the other half").until(work::copies);
          return freezeWorker(cluster, work, worker);
        });
  }

  private static String freezeWorker(Cluster cluster, WatchedImport work, String worker)
      throws InterruptedException {
    long start = System.nanoTime();
    cluster.freeze(worker);
    Duration takeover = work.awaitAttempt(2);
    assertThat(takeover).isLessThan(FaultTrial.TAKEOVER);
    pause(PAUSE.minusNanos(System.nanoTime() - start));
    cluster.thaw(worker);
    return "pod %s frozen, taken over after %d ms, thawed after %d s"
        .formatted(worker, takeover.toMillis(), PAUSE.toSeconds());
  }

  /** The length of a fault is part of the fault; no other condition shows when it may end. */
  private static void pause(Duration time) throws InterruptedException {
    new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  @ParameterizedTest
  @CsvSource({"0, PICKED", "0.3,", "0.6, AFTER_A_COMMIT", "0.9, BEFORE_A_PUBLISH"})
  void redisComesBackEmpty(double at, @Nullable FaultPoint point) throws Exception {
    trial.run(ROWS, at, point, FaultTrial::emptyRedis);
  }

  @ParameterizedTest
  @CsvSource({"0.1,", "0.5, BEFORE_A_PUBLISH", "0.9,"})
  void redisIsAwayFor20Seconds(double at, @Nullable FaultPoint point) throws Exception {
    trial.run(
        ROWS,
        at,
        point,
        (cluster, work, worker) -> {
          cluster.stop("redis");
          cluster.thaw(worker);
          pause(Duration.ofSeconds(20));
          cluster.start("redis");
          return "Redis stopped for 20 s";
        });
  }

  @ParameterizedTest
  @CsvSource({"0, PICKED", "0.1,", "0.4, WITHIN_A_COPY", "0.7, AFTER_A_COMMIT"})
  void postgresIsRestarted(double at, @Nullable FaultPoint point) throws Exception {
    trial.run(
        ROWS,
        at,
        point,
        (cluster, work, worker) -> {
          cluster.stop("postgres");
          cluster.start("postgres");
          cluster.thaw(worker);
          // An attempt that was frozen during the restart may never notice it.
          return "PostgreSQL restarted, ended in attempt " + work.awaitEnd().get("attempt");
        });
  }

  @Test
  void aPeerAcceptsAndNeverAnswers() throws Exception {
    for (double at : new double[] {0.1, 0.6}) {
      try (ServerSocket peer = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
        trial.run(
            ROWS,
            at,
            null,
            (cluster, work, _) -> {
              claimFor(peer, cluster, work);
              assertThat(work.awaitEnd().get("attempt").asInt()).isEqualTo(1);
              return "a peer accepted and never answered";
            });
        peer.setSoTimeout(1000);
        peer.accept().close(); // fails if no pod connected to the peer
      }
    }
  }

  private static void claimFor(ServerSocket peer, Cluster cluster, WatchedImport work) {
    RedisURI uri =
        RedisURI.builder()
            .withHost("127.0.0.1")
            .withPort(cluster.redisPort())
            .withPassword(cluster.redisPassword().toCharArray())
            .build();
    try (RedisClient client = RedisClient.create(uri);
        StatefulRedisConnection<String, String> redis = client.connect()) {
      redis.sync().setex("waybill:pod:silent", 300, "http://127.0.0.1:" + peer.getLocalPort());
      redis.sync().hset("waybill:{" + work.id() + "}:emitters", "watcher", "silent");
      redis.sync().hset("waybill:{" + work.id() + "}:pods", "silent", "1");
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.6})
  void nginxIsReloaded(double at) throws Exception {
    trial.run(
        ROWS,
        at,
        null,
        (cluster, work, _) -> {
          cluster.reloadNginx();
          assertThat(work.awaitEnd().get("attempt").asInt()).isEqualTo(1);
          return "nginx reloaded";
        });
  }

  @Test
  void allPodsAreRestartedOneAfterTheOther() throws Exception {
    trial.run(
        ROWS,
        0.02,
        null,
        (cluster, work, _) -> {
          // The import must last longer than three restarts.
          cluster.slowDown();
          BrowserWatcher browser = new BrowserWatcher(cluster.nginxTlsPort(), work.id());
          work.join(browser);
          for (String pod : Cluster.PODS) {
            cluster.stop(pod);
            cluster.start(pod);
          }
          JsonNode job = work.latest();
          assertThat(job.get("status").asString()).as("still at work").isEqualTo("RUNNING");
          cluster.disarm();
          assertThat(browser.connections()).as("was sent away and came back").isGreaterThan(1);
          return "all pods restarted by %s rows, attempt %s, %d connections of a browser"
              .formatted(job.at("/counts/rows"), job.get("attempt"), browser.connections());
        });
  }
}
