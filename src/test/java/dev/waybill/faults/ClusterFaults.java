package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault, at several points of an import; {@code scripts/cluster-faults} runs it. */
class ClusterFaults {

  private static final int ROWS = 100_000;

  /** Lasts until three pods have been restarted one after the other. */
  private static final int ROWS_OF_A_DEPLOY = 300_000;

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
  @ValueSource(doubles = {0, 0.5, 0.9})
  void theWorkingPodIsKilled(double at) throws Exception {
    trial.run(ROWS, at, FaultTrial::killWorker);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.8})
  void aPodThatOnlyWatchesIsKilled(double at) throws Exception {
    trial.run(
        ROWS,
        at,
        (cluster, work) -> {
          String worker = work.importing();
          String other =
              Cluster.PODS.stream().filter(pod -> !pod.equals(worker)).findFirst().orElseThrow();
          cluster.kill(other);
          assertThat(work.awaitEnd().get("attempt").asInt()).isEqualTo(1);
          return "pod %s killed while pod %s worked on".formatted(other, worker);
        });
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.7})
  void theWorkingPodIsFrozen(double at) throws Exception {
    trial.run(
        ROWS,
        at,
        (cluster, work) -> {
          String pod = work.importing();
          cluster.freeze(pod);
          return "pod " + pod + " frozen" + thawAfterPause(cluster, work, pod);
        });
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.6})
  void theWorkingPodIsFrozenWithinACopy(double at) throws Exception {
    trial.run(
        ROWS,
        at,
        (cluster, work) -> {
          String pod = work.importing();
          int tries;
          cluster.freeze(pod);
          for (tries = 1; !work.copies(); tries++) {
            assertThat(tries).isLessThan(500);
            cluster.thaw(pod);
            cluster.freeze(pod);
          }
          return "pod %s frozen within a COPY (try %d)".formatted(pod, tries)
              + thawAfterPause(cluster, work, pod);
        });
  }

  private static String thawAfterPause(Cluster cluster, WatchedImport work, String pod)
      throws InterruptedException {
    long start = System.nanoTime();
    Duration takeover = work.awaitAttempt(2);
    assertThat(takeover).isLessThan(FaultTrial.TAKEOVER);
    pause(PAUSE.minusNanos(System.nanoTime() - start));
    cluster.thaw(pod);
    return ", taken over after %d ms, thawed after %d s"
        .formatted(takeover.toMillis(), PAUSE.toSeconds());
  }

  /** The length of a fault is a part of it: nothing else tells when it has lasted long enough. */
  private static void pause(Duration time) throws InterruptedException {
    new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.9})
  void redisComesBackEmpty(double at) throws Exception {
    trial.run(ROWS, at, FaultTrial::emptyRedis);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.9})
  void redisIsAwayFor20Seconds(double at) throws Exception {
    trial.run(
        ROWS,
        at,
        (cluster, work) -> {
          cluster.stop("redis");
          pause(Duration.ofSeconds(20));
          cluster.start("redis");
          return "Redis stopped for 20 s";
        });
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.6})
  void postgresIsRestarted(double at) throws Exception {
    trial.run(
        ROWS,
        at,
        (cluster, work) -> {
          cluster.stop("postgres");
          cluster.start("postgres");
          return "PostgreSQL restarted, next attempt after %d ms"
              .formatted(work.awaitAttempt(2).toMillis());
        });
  }

  @Test
  void aPeerAcceptsAndNeverAnswers() throws Exception {
    try (ServerSocket peer = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      trial.run(
          ROWS,
          0.1,
          (cluster, work) -> {
            claimFor(peer, cluster, work);
            assertThat(work.awaitEnd().get("attempt").asInt()).isEqualTo(1);
            return "a peer accepted and never answered";
          });
      peer.setSoTimeout(1000);
      peer.accept().close(); // it was asked
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
        (cluster, work) -> {
          cluster.reloadNginx();
          assertThat(work.awaitEnd().get("attempt").asInt()).isEqualTo(1);
          return "nginx reloaded";
        });
  }

  @Test
  void allPodsAreRestartedOneAfterTheOther() throws Exception {
    trial.run(
        ROWS_OF_A_DEPLOY,
        0.02,
        (cluster, work) -> {
          for (String pod : Cluster.PODS) {
            cluster.stop(pod);
            cluster.start(pod);
          }
          int attempt = work.latest().get("attempt").asInt();
          return "all pods restarted by %s rows, attempt %d"
              .formatted(work.latest().at("/counts/rows"), attempt);
        });
  }
}
