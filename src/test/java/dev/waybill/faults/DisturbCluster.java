package dev.waybill.faults;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Kills, freezes, empties and restarts parts of a cluster, in an order that the seed determines.
 */
final class DisturbCluster {

  private static final Duration BETWEEN = Duration.ofMillis(1500);

  private final Cluster cluster;
  private final Random random;
  private final List<String> done = new ArrayList<>();

  DisturbCluster(Cluster cluster, long seed) {
    this.cluster = cluster;
    this.random = new Random(seed);
  }

  /**
   * Causes faults for the given time: each kind of fault in turn, in a random part of the cluster.
   */
  List<String> disturb(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    for (int i = 0; System.nanoTime() < end; i++) {
      String pod = Cluster.PODS.get(random.nextInt(Cluster.PODS.size()));
      switch (i % 4) {
        case 0 -> {
          cluster.kill(pod);
          done.add("pod " + pod + " killed");
          pause(BETWEEN);
          cluster.start(pod);
        }
        case 1 -> {
          emptyRedis();
          done.add("Redis emptied");
        }
        case 2 -> {
          cluster.freeze(pod);
          pause(Duration.ofSeconds(1 + random.nextInt(4)));
          cluster.thaw(pod);
          done.add("pod " + pod + " frozen");
        }
        default -> {
          cluster.stop("postgres");
          cluster.start("postgres");
          done.add("PostgreSQL restarted");
        }
      }
      pause(BETWEEN);
    }
    return done;
  }

  private void emptyRedis() {
    RedisURI uri =
        RedisURI.builder()
            .withHost("127.0.0.1")
            .withPort(cluster.redisPort())
            .withPassword(cluster.redisPassword().toCharArray())
            .build();
    try (RedisClient client = RedisClient.create(uri);
        StatefulRedisConnection<String, String> redis = client.connect()) {
      redis.sync().flushall();
    }
  }

  /** The length of a fault is part of the fault. */
  private static void pause(Duration time) throws InterruptedException {
    new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
