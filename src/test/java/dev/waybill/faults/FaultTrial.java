package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Disturbs imports in one cluster, and compares each with one that nobody disturbed. */
final class FaultTrial implements AutoCloseable {

  static final Duration TAKEOVER = Duration.ofSeconds(15);

  /** What happens to the cluster, and what it says of it for the log. */
  interface Fault {
    String strike(Cluster cluster, WatchedImport work) throws Exception;
  }

  private final long seed;
  private final Cluster cluster;
  private final Map<Integer, WatchedImport> undisturbed = new HashMap<>();
  private int imports;

  FaultTrial(String... podArguments) {
    seed = Long.getLong("waybill.seed", System.nanoTime() & 0xFFFF);
    System.out.println("Cluster faults: watchers by -Dwaybill.seed=" + seed);
    cluster = Cluster.up(podArguments);
  }

  /**
   * Imports, strikes and holds the result against an undisturbed import of as many rows.
   *
   * @param at after which part of the rows, from 0 to 1
   */
  void run(int rows, double at, Fault fault) throws Exception {
    WatchedImport expected = undisturbed(rows);
    try (WatchedImport work = begin(rows)) {
      work.awaitRows(Math.max(1, (long) (rows * at)));
      String struck = fault.strike(cluster, work);
      assertThat(work.awaitEnd().get("status").asString()).isEqualTo("COMPLETED");
      System.out.printf(
          "Cluster faults: at %.0f %% of %d rows, %s: %s%n",
          at * 100, rows, struck, work.assertSeenAsOne());
      work.assertSameAs(expected);
    } finally {
      cluster.heal();
    }
  }

  private WatchedImport undisturbed(int rows) throws Exception {
    WatchedImport known = undisturbed.get(rows);
    if (known == null) {
      known = begin(rows);
      undisturbed.put(rows, known);
      System.out.println("Cluster faults: undisturbed: " + known.assertSeenAsOne());
    }
    return known;
  }

  private WatchedImport begin(int rows) throws Exception {
    imports++;
    return WatchedImport.start(cluster, "R%03d-".formatted(imports), rows, seed + imports);
  }

  /** The working pod dies; another one must go on in time. */
  static String killWorker(Cluster cluster, WatchedImport work) {
    String pod = work.importing();
    cluster.kill(pod);
    Duration takeover = work.awaitAttempt(2);
    assertThat(takeover).isLessThan(TAKEOVER);
    return "pod %s killed, taken over after %d ms".formatted(pod, takeover.toMillis());
  }

  static String emptyRedis(Cluster cluster, WatchedImport work) {
    cluster.kill("redis");
    cluster.start("redis");
    return "Redis killed and restarted empty";
  }

  @Override
  public void close() {
    undisturbed.values().forEach(WatchedImport::close);
    cluster.close();
  }
}
