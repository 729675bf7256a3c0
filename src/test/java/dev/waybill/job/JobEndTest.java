package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.waybill.contract.Shows;
import dev.waybill.csvimport.Counts;
import dev.waybill.event.StreamEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** How a job is completed, and how its completion is finished after a crash in the middle of it. */
class JobEndTest extends JobTestBase {

  @Autowired private JobEvents jobEvents;

  @Test
  @Shows({"event.id.numbers", "event.final.complete"})
  void aJobWithoutAChunkIsCompletedUnderTheSecondId() {
    Job job = awaitEnd(enqueue(_ -> {}));

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(events.published(job.id())).containsExactly("1-1 snapshot", "1-2 complete");
    assertThat(kind.ended()).containsExactly(job.id());
  }

  @Test
  void anEndWhoseEventWasLostIsReportedFromTheDatabase() {
    String id = jobs.newTransactionId();
    events.loseEnd(id);
    enqueue(id, run -> run.commit(created(3, 1000)));

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(picked.completed(id)).as("it cleared up after itself").isOne();
    assertThat(events.published(id)).containsExactly("1-1 snapshot", "1-2 progress");
    List<StreamEvent> ended = jobEvents.endedAmong(List.of(id, jobs.newTransactionId()));
    assertThat(ended)
        .singleElement()
        .satisfies(
            end -> {
              assertThat(end.id()).hasToString("1-3");
              assertThat(end.type().name()).isEqualTo("complete");
              assertThat(json.readTree(end.data()).get("status").asString()).isEqualTo("COMPLETED");
            });
  }

  @Test
  void aCancelWhoseEventWasLostHasHappenedAllTheSame() {
    occupyTheImportThread();
    String id = enqueue(_ -> {});
    events.loseEnd(id);

    assertThat(cancel(id).statusCode()).isEqualTo(202);

    assertThat(jobs.get(id).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(jobEvents.endedAmong(List.of(id)))
        .singleElement()
        .satisfies(end -> assertThat(end.id()).hasToString("1-2"));
  }

  @Test
  void anUnfinishedJobHasNotEnded() {
    String running = occupyTheImportThread();
    String queued = enqueue(_ -> {});

    assertThat(jobEvents.endedAmong(List.of(running, queued))).isEmpty();
  }

  @Test
  void aFinishedJobThatIsPickedAgainIsClearedUp() {
    String id = enqueue(run -> run.commit(created(3, 1000)));
    Job before = awaitEnd(id);

    scheduler.schedule(new TaskInstance<>(JobQueue.TASK, id), clock.instant());
    awaitCompleted(id, 2);

    assertThat(tasks(id)).isEmpty();
    assertThat(jobs.get(id)).isEqualTo(before);
    assertThat(kind.ended()).containsExactly(id, id);
    assertThat(kind.counted()).as("metrics count the end once").containsExactly(id);
    assertThat(kind.runs()).containsExactly(id);
    assertThat(events.published(id)).hasSize(3);
  }

  @Test
  void aTaskWithoutAJobIsRemoved() {
    String id = jobs.newTransactionId();

    scheduler.schedule(new TaskInstance<>(JobQueue.TASK, id), clock.instant());
    awaitCompleted(id, 1);

    assertThat(tasks(id)).isEmpty();
    assertThat(events.published(id)).isEmpty();
    assertThat(kind.ended()).isEmpty();
  }

  @Test
  void aJobWhoseWorkDoesNotAddUpIsNotCompleted() {
    String id = jobs.newTransactionId();
    kind.onCheckAccounts(
        id,
        _ -> {
          throw new IllegalStateException("journal and counters differ");
        });
    enqueue(id, run -> run.commit(created(3, 1000)));

    assertFailed(awaitEnd(id), 3);
  }

  @Test
  @Shows({"job.counts.sum", "failure.internal"})
  void aJobWhoseCountersDoNotAddUpIsNotCompleted() {
    String id =
        enqueue(
            run -> {
              run.commit(created(3, 1000));
              database.sql("UPDATE import_job SET row_count = row_count + 1").update();
            });

    assertFailed(awaitEnd(id), 4);
  }

  @Test
  @Shows("job.counts.sum")
  void aChunkThatDoesNotAddUpIsNotKept() {
    String id =
        enqueue(
            run -> {
              run.commit(created(3, 100));
              run.commit(kind.chunk(new Counts(5, 1, 1, 1, 1, 0, 0), 200));
            });

    assertFailed(awaitEnd(id), 3);
  }

  private void assertFailed(Job job, long rows) {
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(code(job, json)).isEqualTo("internal");
    assertThat(counts(job).rows()).isEqualTo(rows);
    assertThat(events.published(job.id()))
        .containsExactly("1-1 snapshot", "1-2 progress", "1-3 error");
  }
}
