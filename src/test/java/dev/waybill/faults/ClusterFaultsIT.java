package dev.waybill.faults;

import dev.waybill.faults.pod.FaultPoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Three pods behind nginx are one service, even while a part of it dies. {@link ClusterFaults}
 * tries more faults and takes longer.
 */
class ClusterFaultsIT {

  private static final int ROWS = 80_000;

  private static FaultTrial trial;

  @BeforeAll
  static void start() {
    trial = new FaultTrial("--waybill.import.chunk-rows=100");
  }

  @AfterAll
  static void stop() {
    trial.close();
  }

  @Test
  void anImportWhosePodIsKilledEndsAsIfNothingHadHappened() throws Exception {
    trial.run(ROWS, 0.5, FaultPoint.WITHIN_A_COPY, FaultTrial::killWorker);
  }

  @Test
  void anImportWhosePodIsKilledBetweenACommitAndItsEventEndsAsIfNothingHadHappened()
      throws Exception {
    trial.run(ROWS, 0.4, FaultPoint.AFTER_A_COMMIT, FaultTrial::killWorker);
  }

  @Test
  void anImportWaitsForASharedFolderThatIsAwayWhileItsPodStops() throws Exception {
    trial.run(ROWS, 0.3, null, FaultTrial::takeUploadFolderAway);
  }

  @Test
  void anImportOutlivesARedisThatComesBackEmpty() throws Exception {
    trial.run(ROWS, 0.3, FaultPoint.BEFORE_A_PUBLISH, FaultTrial::emptyRedis);
  }
}
