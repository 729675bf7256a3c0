package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Publishes to audience streams while parts of a cluster fail. {@code scripts/stream-faults} runs
 * this class.
 */
class AudienceFaults {

  @Test
  void whatWasAnsweredReachesEveryWatcherOnceAndInOrder() throws Exception {
    long seed = Long.getLong("waybill.seed", System.nanoTime() % 1_000_000);
    Duration time = Duration.ofSeconds(Integer.getInteger("waybill.seconds", 600));
    int streams = Integer.getInteger("waybill.streams", 100);
    System.out.println("Stream faults: seed " + seed);
    try (Cluster cluster = Cluster.up()) {
      run(cluster, streams, time, seed);
    }
  }

  static void run(Cluster cluster, int streams, Duration time, long seed) throws Exception {
    try (PublishedAudience audience = new PublishedAudience(cluster, streams, seed)) {
      var faults = new DisturbCluster(cluster, seed).disturb(time);
      int before = audience.count();
      audience.assertSeenOnceAndInOrder();
      assertThat(before).isPositive();
      System.out.println("Stream faults: " + faults + ": " + audience.summary());
    }
  }
}
