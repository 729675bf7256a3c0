package dev.waybill.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.csvimport.UndoModel;
import dev.waybill.platform.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Runs random imports, dry runs, undos and undos of undos, some at the same time, and kills the
 * service in the middle of some of them. On both databases, the catalogue, the counts and the lists
 * must be those of a model.
 */
class KilledModelIT {

  private static final int SEED = 1;
  private static final int STEPS = 30;
  private static final int KILLS = 3;

  /** Each row is a chunk, so that a kill falls between two chunks of a small file. */
  private static final String SMALL_CHUNKS = "--waybill.import.chunk-rows=1";

  private static final int MOST_ROWS = 300;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Database.class)
  void whatIsLeftIsWhatTheModelSays(Database database) throws Exception {
    try (KillableService service =
        KillableService.start(database, folder.resolve("data"), SMALL_CHUNKS)) {
      KillOrCancel disturb = new KillOrCancel(service);

      new UndoModel(service.port(), SEED, MOST_ROWS, disturb).run(STEPS, disturb, () -> {});

      assertThat(disturb.killed).hasSize(KILLS);
      try (WaybillClient client = service.client()) {
        for (String job : disturb.killed) {
          assertThat(client.job(job).get("attempt").asInt()).as(job).isEqualTo(2);
        }
      }
    }
  }

  /** Kills the service in the middle of random jobs, and cancels the undos that the model names. */
  private static final class KillOrCancel implements UndoModel.Disturb, UndoModel.CancelUndo {

    private final KillableService service;
    private final Random random = new Random(SEED);
    private final List<String> killed = new ArrayList<>();
    private int cancelAfter;

    KillOrCancel(KillableService service) {
      this.service = service;
    }

    @Override
    public void afterPart(int part) {
      cancelAfter = part;
    }

    @Override
    public void never() {
      cancelAfter = 0;
    }

    @Override
    public void started(String job) throws Exception {
      boolean cancels = cancelAfter > 0;
      boolean kills = killed.size() < KILLS && random.nextInt(3) == 0;
      if (!cancels && !kills) {
        return;
      }
      try (WaybillClient client = service.client()) {
        Awaitility.await()
            .pollInterval(Duration.ofMillis(2))
            .until(() -> client.job(job), now -> isFinished(now) || hasStarted(now));
        if (cancels) {
          client.delete(job);
        } else {
          killIfItRuns(client, job);
        }
      }
    }

    private boolean hasStarted(JsonNode job) {
      return job.get("counts").get("products").asInt() >= Math.max(1, cancelAfter);
    }

    private static boolean isFinished(JsonNode job) {
      return !job.get("finishedAt").isNull();
    }

    private void killIfItRuns(WaybillClient client, String job) throws Exception {
      try (Connection _ = service.holdJobs()) {
        if (isFinished(client.job(job))) {
          return;
        }
        service.kill();
      }
      service.startAgain();
      killed.add(job);
    }
  }
}
