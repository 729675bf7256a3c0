package dev.waybill.job;

import static dev.waybill.job.SettableClock.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.csvimport.Counts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;

/** Attempts that fail, and the jobs that they belong to. */
class BrokenAttemptTest extends JobTestBase {

  /** If a job has had this many attempts, the test assumes that it would be tried for ever. */
  private static final int FOR_EVER = 10;

  @Autowired private ScheduledTasks scheduledTasks;

  private static DataAccessResourceFailureException storageFailure() {
    return new DataAccessResourceFailureException("disk I/O error in /var/lib/secret");
  }

  /** Leaves the job in the state after a crash and a new start of the process. */
  private void crash() {
    scheduledTasks.takeBackAll();
    throw new StackOverflowError("the process is dead");
  }

  @Test
  void aChunkThatMeetsADeadlockIsWrittenAgain() {
    AtomicInteger tries = new AtomicInteger();
    String id = enqueue(run -> run.commit(locked -> withDeadlocks(locked, 4, tries)));

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isOne();
    assertThat(tries).hasValue(5);
    assertThat(counts(job)).isEqualTo(new Counts(3, 3, 0, 0, 0, 0, 0));
    assertThat(notes()).as("what the rolled back tries wrote is gone").isOne();
  }

  @Test
  void aChunkThatMeetsADeadlockEachTimeIsLeftToTheNextAttempt() {
    AtomicInteger tries = new AtomicInteger();
    String id = enqueue(run -> run.commit(locked -> withDeadlocks(locked, 5, tries)));

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(tries).hasValue(6);
    assertThat(notes()).isOne();
  }

  private ChunkWork.Written withDeadlocks(Job locked, int deadlocks, AtomicInteger tries) {
    note(tries.incrementAndGet());
    if (tries.get() <= deadlocks) {
      throw new CannotAcquireLockException("deadlock");
    }
    return created(3, 1000).write(locked);
  }

  private void note(int number) {
    database
        .sql("INSERT INTO rejection VALUES ('note', ?, 1, '[]', '', false)")
        .param(number)
        .update();
  }

  private int notes() {
    return database.sql("SELECT COUNT(*) FROM rejection").query(Integer.class).single();
  }

  @Test
  @Shows({"failure.storage", "event.final.error", "event.snapshot.attempt", "event.id.numbers"})
  void storageTroubleEndsAJobAfterThreeAttemptsWithGrowingPauses() {
    String id =
        enqueue(
            _ -> {
              throw storageFailure();
            });

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(code(job, json)).isEqualTo("storage");
    assertThat(job.error()).doesNotContain("secret");
    assertThat(job.attempt()).isEqualTo(3);
    assertThat(picked.due(id)).containsExactly(START, START.plusSeconds(2), START.plusSeconds(10));
    assertThat(events.published(id))
        .containsExactly("1-1 snapshot", "2-1 snapshot", "3-1 snapshot", "3-2 error");
    assertThat(kind.ended()).containsExactly(id);
  }

  @Test
  @Shows("failure.storage")
  void aJobWhoseFileIsAwayWaitsForItWithoutLosingAttempts() {
    String id =
        enqueue(
            run -> {
              if (run.job().attempt() < FOR_EVER) {
                assertThat(run.job().idleAttempts()).isOne();
                clock.pass(Duration.ofSeconds(3));
                throw new UncheckedIOException(new IOException("Stale file handle"));
              }
              run.commit(created(3, 1000));
            });

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(FOR_EVER);
    assertThat(picked.due(id))
        .startsWith(
            START, START.plusSeconds(3 + 2), START.plusSeconds(6 + 3), START.plusSeconds(9 + 6));
  }

  @Test
  @Shows({"failure.storage", "setting.jobs.storage-patience"})
  void aJobWhoseFileStaysAwayFailsAfterSomeMinutes() {
    String id =
        enqueue(
            run -> {
              if (run.job().attempt() == 1) {
                run.commit(created(3, 100));
              } else {
                clock.pass(Duration.ofMinutes(5));
              }
              throw new UncheckedIOException(new IOException("secret: no such mount"));
            });

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(code(job, json)).isEqualTo("storage");
    assertThat(job.attempt()).isEqualTo(4);
    assertThat(job.error()).contains("for 900 s", "up to 3 are imported").doesNotContain("secret");
    assertThat(kind.ended()).containsExactly(id);
  }

  @Test
  void aPodThatLacksWhatItsJobsNeedPicksNone() {
    kind.canRun(false);
    await().atMost(PATIENCE).until(() -> scheduler.getSchedulerState().isPaused());
    String id = enqueue(run -> run.commit(created(3, 1000)));
    scheduler.triggerCheckForDueExecutions();
    assertThat(jobs.get(id).status()).isEqualTo(JobStatus.QUEUED);

    kind.canRun(true);

    assertThat(awaitEnd(id).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(jobs.get(id).attempt()).isOne();
  }

  @Test
  void aChunkInBetweenMakesStorageTroubleNewAgain() {
    String id =
        enqueue(
            run -> {
              if (run.job().attempt() == 2) {
                run.commit(created(3, 100));
              }
              throw storageFailure();
            });

    Job job = awaitEnd(id);

    assertThat(code(job, json)).isEqualTo("storage");
    assertThat(job.attempt()).isEqualTo(5);
    assertThat(counts(job).rows()).isEqualTo(3);
    assertThat(picked.due(id))
        .containsExactly(
            START,
            START.plusSeconds(2),
            START.plusSeconds(2),
            START.plusSeconds(2),
            START.plusSeconds(10));
  }

  @Test
  void storageThatCannotEvenTakeTheFailureIsNoCrash() {
    String id =
        enqueue(
            run -> {
              switch (run.job().attempt()) {
                case 1, 2 -> throw storageFailure();
                case 3 -> {
                  obstacle("UPDATE OF status ON job", "NEW.status = 'FAILED'");
                  throw storageFailure();
                }
                default -> {
                  removeObstacle();
                  run.commit(created(3, 1000));
                }
              }
            });

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(4);
    assertThat(events.published(id)).endsWith("4-1 snapshot", "4-2 progress", "4-3 complete");
  }

  @Test
  @Shows({"failure.crashed", "event.final.error"})
  void aJobThatBreaksItsProcessThreeTimesIsGivenUp() {
    String id = enqueue(_ -> crash());

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(code(job, json)).isEqualTo("crashed");
    assertThat(kind.runs()).hasSize(3);
    assertThat(events.published(id)).endsWith("4-1 snapshot", "4-2 error");
    assertThat(kind.ended()).containsExactly(id);
  }

  @Test
  @Shows({"failure.crashed", "job.next-attempt"})
  void crashesOnTheWayOfAJobThatGoesOnAreForgiven() {
    String id =
        enqueue(
            run -> {
              if (run.job().attempt() < 6) {
                if (run.job().attempt() == 3) {
                  run.commit(created(1, 100));
                }
                crash();
              }
              run.commit(created(1, 1000));
            });

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(6);
    assertThat(counts(job).rows()).isEqualTo(2);
  }

  @Test
  void crashesAfterAnOpenFailureAreNotForgivenForEver() {
    String id =
        enqueue(
            run -> {
              if (run.job().attempt() == 1) {
                throw new StackOverflowError("the process lives on");
              }
              if (run.job().attempt() < FOR_EVER) {
                crash();
              }
            });

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(code(job, json)).isEqualTo("crashed");
  }

  @Test
  void anErrorLeavesTheJobToAnotherAttempt() {
    String id =
        enqueue(
            run -> {
              if (run.job().attempt() == 1) {
                throw new StackOverflowError("too deep");
              }
              run.commit(created(3, 1000));
            });

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(picked.due(id)).containsExactly(START, START.plusSeconds(2));
  }

  @Test
  void errorsAgainAndAgainEndTheJob() {
    String id =
        enqueue(
            run -> {
              if (run.job().attempt() < FOR_EVER) {
                throw new StackOverflowError("too deep");
              }
            });

    Job job = awaitEnd(id);

    assertThat(code(job, json)).isEqualTo("crashed");
    assertThat(kind.runs()).hasSize(3);
  }

  @Test
  @Shows("failure.internal")
  void anUnexpectedFailureReportsNoInternalDetails() {
    String id =
        enqueue(
            run -> {
              run.commit(created(3, 100));
              throw new IllegalStateException("password of /etc/waybill.secret");
            });

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(code(job, json)).isEqualTo("internal");
    assertThat(job.error())
        .contains("up to 3 are imported")
        .doesNotContain("secret")
        .doesNotContain("IllegalState");
    assertThat(counts(job).rows()).isEqualTo(3);
    assertThat(events.published(id)).containsExactly("1-1 snapshot", "1-2 progress", "1-3 error");
    assertThat(send(to("/api/jobs/" + id)).body()).doesNotContain("secret");
  }

  @Test
  void aFailureOfTheJobItselfIsReportedInItsOwnWords() {
    String id =
        enqueue(
            _ -> {
              throw new JobFailure("file-lost", "Upload the file again.", null);
            });

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(json.readTree(job.error()).get("code").asString()).isEqualTo("file-lost");
    assertThat(json.readTree(job.error()).get("detail").asString())
        .isEqualTo("Upload the file again.");
  }
}
