package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** A pod that stops hands its jobs back. Each test stops its own pod. */
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
@TestPropertySource(properties = "db-scheduler.shutdown-max-wait=1s")
class HandOverTest extends JobTestBase {

  @Autowired private JobWorker worker;

  /**
   * Stops the pod while an attempt runs.
   *
   * @param script receives an action that waits until the pod is stopping
   */
  private String stopWhileRunning(BiConsumer<JobRun, Runnable> script) {
    CountDownLatch busy = new CountDownLatch(1);
    String id =
        enqueue(
            run ->
                script.accept(
                    run,
                    () -> {
                      busy.countDown();
                      await().atMost(PATIENCE).until(worker::isStopping);
                    }));
    awaitLatch(busy);
    worker.stop();
    return id;
  }

  private void assertHandedBack(String id, int rows) {
    Job job = jobs.get(id);
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    assertThat(job.error()).isNull();
    assertThat(job.idleAttempts()).isZero();
    assertThat(counts(job).rows()).isEqualTo(rows);
    assertThat(tasks(id))
        .singleElement()
        .satisfies(
            task -> {
              assertThat(task.get("picked_by")).isNull();
              assertThat(task.get("consecutive_failures")).isEqualTo(0);
            });
    assertThat(kind.ended()).isEmpty();
    assertThat(events.published(id))
        .noneMatch(event -> event.matches(".*(complete|error|cancelled)"));
  }

  @Test
  void anAttemptEndsAfterTheChunkThatItWrites() {
    String id =
        stopWhileRunning(
            (run, stop) -> {
              run.commit(
                  locked -> {
                    stop.run();
                    return created(3, 100).write(locked);
                  });
              run.commit(created(4, 200));
            });

    assertHandedBack(id, 3);
  }

  @Test
  void anAttemptThatBroughtNothingIsNoCrash() {
    String id =
        stopWhileRunning(
            (run, stop) -> {
              stop.run();
              run.checkpoint();
            });

    assertHandedBack(id, 0);
  }

  @Test
  void anAttemptThatIsInterruptedIsHandedBackToo() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicReference<Throwable> met = new AtomicReference<>();
    String id =
        stopWhileRunning(
            (run, stop) -> {
              run.commit(created(3, 100));
              stop.run();
              try {
                never.await();
              } catch (InterruptedException e) {
                met.set(e);
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
              }
            });

    assertThat(met.get()).isInstanceOf(InterruptedException.class);
    assertHandedBack(id, 3);
  }

  @Test
  void anInterruptBetweenChunksIsNoTroubleEither() {
    CountDownLatch never = new CountDownLatch(1);
    String id =
        stopWhileRunning(
            (run, stop) -> {
              stop.run();
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              run.commit(created(3, 100));
            });

    assertHandedBack(id, 0);
  }

  @Test
  void theLastChunkMayStillCompleteTheJob() {
    String id =
        stopWhileRunning(
            (run, stop) ->
                run.commit(
                    locked -> {
                      stop.run();
                      return created(3, 1000).write(locked);
                    }));

    assertThat(jobs.get(id).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(tasks(id)).isEmpty();
    assertThat(events.published(id))
        .containsExactly("1-1 snapshot", "1-2 progress", "1-3 complete");
  }

  @Test
  void aJobThatIsPickedTooLateStaysQueued() {
    picked.beforeBegin(
        _ -> {
          Thread.startVirtualThread(worker::stop);
          await().atMost(PATIENCE).until(worker::isStopping);
        });

    String id = enqueue(_ -> {});
    awaitCompleted(id, 1);

    assertThat(jobs.get(id).status()).isEqualTo(JobStatus.QUEUED);
    assertThat(tasks(id)).singleElement().extracting("picked_by").isNull();
    assertThat(List.copyOf(kind.runs())).isEmpty();
  }
}
