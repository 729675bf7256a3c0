package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessResourceFailureException;

/** After another attempt has taken a job over, the first one changes nothing. */
class FenceTest extends JobTestBase {

  /** What a fenced attempt does next. */
  private enum Course {
    WRITES_ON(
        run ->
            run.commit(
                locked -> {
                  throw new AssertionError("not to be called");
                })),
    LOOKS_AROUND(JobRun::checkpoint),
    IS_DONE(_ -> {}),
    GIVES_UP(
        _ -> {
          throw new JobFailure("file-lost", "The file is gone.", null);
        }),
    BREAKS(
        _ -> {
          throw new IllegalStateException("broken");
        }),
    MEETS_STORAGE_TROUBLE(
        _ -> {
          throw new DataAccessResourceFailureException("session ended");
        });

    private final Consumer<JobRun> steps;

    Course(Consumer<JobRun> steps) {
      this.steps = steps;
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLeftOfAnAttemptAfterALaterOneBegan(Course course) {
    AtomicReference<Job> takenOver = new AtomicReference<>();
    AtomicReference<List<Map<String, Object>>> task = new AtomicReference<>();
    String id = jobs.newTransactionId();
    enqueue(
        id,
        run -> {
          run.commit(created(3, 100));
          await().atMost(PATIENCE).until(() -> events.published(id).size() == 2);
          takeOver(id);
          takenOver.set(jobs.get(id));
          task.set(tasks(id));
          course.steps.accept(run);
        });

    awaitCompleted(id, 1);

    assertThat(jobs.get(id)).isEqualTo(takenOver.get());
    assertThat(tasks(id)).isEqualTo(task.get()).hasSize(1);
    assertThat(events.published(id)).containsExactly("1-1 snapshot", "1-2 progress");
    assertThat(kind.ended()).isEmpty();
  }

  /** Does what another process does when it takes over the job. */
  private void takeOver(String id) {
    transactions.executeWithoutResult(
        _ -> {
          database
              .sql(
                  """
                  UPDATE scheduled_tasks SET version = version + 1, picked_by = 'other'
                  WHERE task_instance = ?
                  """)
              .param(id)
              .update();
          database.sql("UPDATE job SET attempt = attempt + 1 WHERE id = ?").param(id).update();
        });
  }

  @Test
  void anAttemptDoesNotBeginWhereAnotherHasPickedItsTask() {
    picked.beforeBegin(
        _ ->
            database
                .sql("UPDATE scheduled_tasks SET version = version + 1, picked_by = 'other'")
                .update());
    String id = enqueue(_ -> {});

    awaitCompleted(id, 1);

    Job job = jobs.get(id);
    assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
    assertThat(job.attempt()).isZero();
    assertThat(kind.runs()).isEmpty();
    assertThat(events.published(id)).isEmpty();
    assertThat(tasks(id)).singleElement().extracting("picked_by").isEqualTo("other");
  }

  @Test
  void anAttemptStopsWhereTheLogKnowsOfALaterOne() {
    String id = jobs.newTransactionId();
    enqueue(
        id,
        run -> {
          events.publish(
              new StreamEvent(id, new EventId(2, 1), JobEventTypes.SNAPSHOT, "{\"attempt\":2}", 0));
          run.commit(created(3, 100));
          await()
              .atMost(PATIENCE)
              .untilAsserted(
                  () ->
                      assertThatThrownBy(run::checkpoint)
                          .isInstanceOf(JobRun.Interruption.Fenced.class));
          run.commit(created(4, 200));
        });

    awaitCompleted(id, 1);

    assertThat(counts(jobs.get(id)).rows()).isEqualTo(3);
    assertThat(events.published(id)).containsExactly("1-1 snapshot", "2-1 snapshot");
  }
}
