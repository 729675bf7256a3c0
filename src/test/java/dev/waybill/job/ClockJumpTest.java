package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessResourceFailureException;

/** The clock is set forward or back while jobs wait and run. */
class ClockJumpTest extends JobTestBase {

  private static final Duration A_DAY_FROM_NOW =
      Duration.between(SettableClock.START, Instant.now()).plusDays(1);

  @Autowired private JobQueue queue;
  @Autowired private ScheduledTasks tasks;

  @Test
  void aJobThatWasBornUnderAClockThatWasAheadDoesNotWaitForThatTime() {
    clock.pass(A_DAY_FROM_NOW);
    String id = enqueue(_ -> {});
    clock.reset();
    assertThat(jobs.get(id).status()).isEqualTo(JobStatus.QUEUED);

    queue.bringForward();

    assertThat(awaitEnd(id).status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void anAttemptThatFailedUnderAClockThatWasAheadIsRepeatedAllTheSame() {
    String id =
        enqueue(
            run -> {
              if (run.job().attempt() == 1) {
                clock.pass(A_DAY_FROM_NOW);
                throw new DataAccessResourceFailureException("disk I/O error");
              }
            });
    awaitCompleted(id, 1);
    clock.reset();

    queue.bringForward();

    assertThat(awaitEnd(id).attempt()).isEqualTo(2);
  }

  @Test
  void whatIsPutOffByAnOrdinaryPauseStaysPutOff() {
    String busy = occupyTheImportThread();
    String id = enqueue(_ -> {});
    Instant due = clock.instant().plus(RetryPause.LONGEST);
    scheduler.reschedule(JobQueue.instance(id), due);

    queue.bringForward();

    assertThat(scheduler.getScheduledExecution(JobQueue.instance(id)).orElseThrow())
        .satisfies(waiting -> assertThat(waiting.getExecutionTime()).isEqualTo(due));
    assertThat(jobs.get(busy).status()).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void whatIsMadeDueAgainKeepsItsCountOfFailures() {
    occupyTheImportThread();
    String id = enqueue(_ -> {});
    scheduler.reschedule(JobQueue.instance(id), clock.instant().plus(Duration.ofDays(1)));
    tasks.setFailures(id, 2);

    queue.bringForward();

    assertThat(scheduler.getScheduledExecution(JobQueue.instance(id)).orElseThrow())
        .satisfies(waiting -> assertThat(waiting.getExecutionTime()).isEqualTo(clock.instant()))
        .satisfies(waiting -> assertThat(waiting.getConsecutiveFailures()).isEqualTo(2));
  }

  @Test
  void progressIsPublishedWhicheverWayTheClockLeaps() {
    CountDownLatch reported = new CountDownLatch(1);
    String id =
        enqueue(
            run -> {
              run.commit(created(1, 100));
              awaitProgress(run.job().id(), 1);
              clock.pass(Duration.ofDays(-1));
              run.commit(created(1, 200));
              awaitProgress(run.job().id(), 2);
              clock.pass(Duration.ofDays(400));
              run.commit(created(1, 300));
              awaitProgress(run.job().id(), 3);
              reported.countDown();
            });

    awaitLatch(reported);
    Job job = awaitEnd(id);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.attempt()).as("it did not think itself frozen and replaced").isOne();
  }

  private void awaitProgress(String id, int rows) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                events.of(id).stream()
                    .anyMatch(event -> event.data().contains("\"rows\":" + rows + ",")));
  }

  @Test
  void aWaitLastsAsLongAsAskedWhateverTheClockSays() {
    String id = occupyTheImportThread();
    String known = send(to("/api/jobs/" + id)).headers().firstValue("ETag").orElseThrow();
    long start = System.nanoTime();
    CompletableFuture<HttpResponse<String>> waiting =
        http.sendAsync(
            to("/api/jobs/" + id).header("If-None-Match", known).header("Prefer", "wait=1").build(),
            HttpResponse.BodyHandlers.ofString());
    clock.pass(Duration.ofDays(1));
    clock.reset();

    assertThat(waiting.join().statusCode()).isEqualTo(304);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
  }
}
