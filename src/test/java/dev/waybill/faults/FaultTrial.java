package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.faults.pod.FaultPoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Disturbs imports in one cluster, and compares each one with an undisturbed import. */
final class FaultTrial implements AutoCloseable {

  static final Duration TAKEOVER = Duration.ofSeconds(15);

  interface Fault {
    /**
     * Does something to the cluster.
     *
     * @param worker the pod that imports; it is frozen if the fault strikes at a fault point
     * @return what happened, for the log
     */
    String strike(Cluster cluster, WatchedImport work, String worker) throws Exception;
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
   * Imports, strikes, and compares the result with an undisturbed import of the same size.
   *
   * @param at the share of the rows after which it strikes, from 0 to 1
   * @param point the point at which the worker then freezes, or null to strike while it runs
   */
  void run(int rows, double at, @Nullable FaultPoint point, Fault fault) throws Exception {
    WatchedImport expected = undisturbed(rows);
    if (point == FaultPoint.PICKED) {
      cluster.arm(point);
    }
    try (WatchedImport work = begin(rows)) {
      String worker = point == null ? workerAt(work, rows * at) : stop(work, rows * at, point);
      String struck = fault.strike(cluster, work, worker);
      assertThat(work.awaitEnd().get("status").asString()).isEqualTo("COMPLETED");
      System.out.printf(
          "Cluster faults: at %.0f %% of %d rows%s, %s: %s%n",
          at * 100, rows, point == null ? "" : ", " + point, struck, work.assertSeenAsOne());
      work.assertSameAs(expected);
    } finally {
      cluster.heal();
    }
  }

  private static String workerAt(WatchedImport work, double rows) {
    work.awaitRows(Math.max(1, (long) rows));
    return work.importing();
  }

  private String stop(WatchedImport work, double rows, FaultPoint point) {
    if (point != FaultPoint.PICKED) {
      work.awaitRows(Math.max(1, (long) rows));
      cluster.arm(point);
    }
    String stopped =
        Awaitility.await("somebody stops at " + point)
            .pollInterval(Duration.ofMillis(10))
            .until(cluster::frozen, pods -> !pods.isEmpty())
            .getFirst();
    assertThat(work.importing()).isEqualTo(stopped);
    return stopped;
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

  /** Kills the importing pod. Another pod must take over in time. */
  static String killWorker(Cluster cluster, WatchedImport work, String pod) {
    cluster.kill(pod);
    Duration takeover = work.awaitAttempt(2);
    assertThat(takeover).isLessThan(TAKEOVER);
    return "pod %s killed, taken over after %d ms".formatted(pod, takeover.toMillis());
  }

  /**
   * Stops the importing pod while the upload folder is unavailable. The folder returns when every
   * other pod has noticed that it is missing.
   */
  static String takeUploadFolderAway(Cluster cluster, WatchedImport work, String worker) {
    cluster.takeUploadFolderAway();
    cluster.stop(worker);
    List<String> others = Cluster.PODS.stream().filter(pod -> !pod.equals(worker)).toList();
    Awaitility.await("no pod is ready").until(() -> others.stream().noneMatch(cluster::isReady));
    cluster.bringUploadFolderBack();
    Duration takeover = work.awaitAttempt(2);
    return "upload folder away, pod %s stopped, taken over after %d ms"
        .formatted(worker, takeover.toMillis());
  }

  static String emptyRedis(Cluster cluster, WatchedImport work, String worker) {
    cluster.kill("redis");
    cluster.start("redis");
    cluster.thaw(worker);
    return "Redis killed and restarted empty";
  }

  @Override
  public void close() {
    undisturbed.values().forEach(WatchedImport::close);
    cluster.close();
  }
}
