package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three pods behind nginx are one service, also while a part of it dies. */
class ClusterFaultsIT {

  private static final int ROWS = 80_000;
  private static final Duration TAKEOVER = Duration.ofSeconds(15);
  private static final long SEED = Long.getLong("waybill.seed", System.nanoTime() & 0xFFFF);

  private static Cluster cluster;
  private static WatchedImport undisturbed;

  @BeforeAll
  static void start() throws Exception {
    System.out.println("ClusterFaultsIT: watchers by -Dwaybill.seed=" + SEED);
    cluster = Cluster.up("--waybill.import.chunk-rows=100");
    undisturbed = WatchedImport.start(cluster, "REF0-", ROWS, SEED);
  }

  @AfterAll
  static void stop() {
    undisturbed.close();
    cluster.close();
  }

  @Test
  void watchersAtAllPodsSeeOneAndTheSameImport() throws Exception {
    System.out.println("ClusterFaultsIT: undisturbed: " + undisturbed.assertSeenAsOne());
  }

  @Test
  void anImportWhosePodIsKilledEndsAsIfNothingHadHappened() throws Exception {
    undisturbed.awaitEnd();
    try (WatchedImport disturbed = WatchedImport.start(cluster, "RUN1-", ROWS, SEED + 1)) {
      disturbed.awaitRows(ROWS / 2);
      String killed = disturbed.importing();
      cluster.kill(killed);
      Duration takeover = disturbed.awaitAttempt(2);
      assertThat(takeover).isLessThan(TAKEOVER);
      disturbed.awaitEnd();
      System.out.printf(
          "ClusterFaultsIT: pod %s killed, taken over after %d ms: %s%n",
          killed, takeover.toMillis(), disturbed.assertSeenAsOne());
      disturbed.assertSameAs(undisturbed);
      cluster.start(killed);
    }
  }
}
