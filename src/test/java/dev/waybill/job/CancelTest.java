package dev.waybill.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.csvimport.Counts;
import dev.waybill.event.StreamEvent;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A job that is cancelled, at every moment of its life. */
class CancelTest extends JobTestBase {

  @Test
  @Shows({"call.cancel", "event.final.cancelled", "event.id.numbers"})
  void aQueuedJobEndsAtOnce() {
    occupyTheImportThread();
    String id = enqueue(_ -> {});

    HttpResponse<String> answer = cancel(id);

    assertThat(answer.statusCode()).isEqualTo(202);
    JsonNode answered = json(answer);
    assertThat(answered.get("cancelRequested").asBoolean()).isTrue();
    assertThat(answered.get("status").asString()).isEqualTo("QUEUED");
    Job job = jobs.get(id);
    assertThat(job.status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(job.attempt()).isOne();
    assertThat(events.published(id)).containsExactly("1-1 snapshot", "1-2 cancelled");
    assertThat(tasks(id)).isEmpty();
    assertThat(kind.ended()).containsExactly(id);
    assertThat(kind.runs()).doesNotContain(id);
  }

  @Test
  @Shows({"call.cancel.finished", "problem.job-finished"})
  void aCancelledJobCannotBeCancelledAgain() {
    occupyTheImportThread();
    String id = enqueue(_ -> {});
    cancel(id);

    HttpResponse<String> again = cancel(id);

    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(json(again).get("type").asString()).isEqualTo("urn:waybill:problem:job-finished");
    assertThat(events.published(id)).hasSize(2);
    assertThat(kind.ended()).containsExactly(id);
  }

  @Test
  void aJobThatIsPickedButHasNotBegunNeverRuns() {
    List<Integer> answers = new CopyOnWriteArrayList<>();
    picked.beforeBegin(execution -> answers.add(cancel(JobQueue.jobId(execution)).statusCode()));
    String id = enqueue(_ -> {});

    Job job = awaitEnd(id);

    assertThat(answers).containsExactly(202);
    assertThat(job.status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(job.attempt()).isOne();
    assertThat(kind.runs()).isEmpty();
    assertThat(kind.ended()).contains(id);
    assertThat(events.published(id)).containsExactly("1-1 snapshot", "1-2 cancelled");
  }

  @Test
  @Shows("job.keeps-its-chunks")
  void theChunkThatIsBeingWrittenIsKeptWhole() {
    String id = jobs.newTransactionId();
    enqueue(
        id,
        run -> {
          run.commit(created(3, 100));
          CompletableFuture<HttpResponse<String>> answer = new CompletableFuture<>();
          run.commit(
              locked -> {
                // The cancel must wait for the write connection, which this chunk holds.
                Thread.startVirtualThread(() -> answer.complete(cancel(id)));
                return created(4, 200).write(locked);
              });
          assertThat(answer.join().statusCode()).isEqualTo(202);
          run.commit(created(5, 300));
        });

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(counts(job)).isEqualTo(new Counts(7, 7, 0, 0, 0, 0, 0));
    assertThat(json(send(to("/api/jobs/" + id))).at("/bytes/read").asInt()).isEqualTo(200);
    assertThat(events.published(id))
        .containsExactly("1-1 snapshot", "1-2 progress", "1-3 cancelled");
  }

  @Test
  void nothingOfALaterChunkIsWritten() {
    AtomicBoolean written = new AtomicBoolean();
    String id = jobs.newTransactionId();
    enqueue(
        id,
        run -> {
          run.commit(created(3, 100));
          cancel(id);
          run.commit(
              locked -> {
                written.set(true);
                return created(4, 200).write(locked);
              });
        });

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(counts(job).rows()).isEqualTo(3);
    assertThat(written).isFalse();
    assertThat(kind.ended()).containsExactly(id);
  }

  @Test
  void itTakesEffectBetweenChunksToo() {
    String id = jobs.newTransactionId();
    enqueue(
        id,
        run -> {
          run.checkpoint();
          cancel(id);
          run.checkpoint();
        });

    assertThat(awaitEnd(id).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(events.published(id)).containsExactly("1-1 snapshot", "1-2 cancelled");
  }

  @Test
  @Shows({"call.cancel.never-complete", "job.cancelRequested", "event.final.cancelled"})
  void aJobThatHasDoneAllItsWorkIsStillNotCompleted() {
    String id = jobs.newTransactionId();
    enqueue(
        id,
        run -> {
          run.commit(created(3, 1000));
          cancel(id);
        });

    assertCancelledAfterAllItsWork(id);
  }

  @Test
  @Shows("call.cancel.never-complete")
  void theLastMomentBeforeCompletionIsEarlyEnough() {
    List<Integer> answers = new CopyOnWriteArrayList<>();
    String id = jobs.newTransactionId();
    kind.onCheckAccounts(id, _ -> answers.add(cancel(id).statusCode()));
    enqueue(id, run -> run.commit(created(3, 1000)));

    assertCancelledAfterAllItsWork(id);
    assertThat(answers).containsExactly(202);
  }

  private void assertCancelledAfterAllItsWork(String id) {
    Job job = awaitEnd(id);
    assertThat(job.status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(counts(job).rows()).isEqualTo(3);
    assertThat(events.published(id))
        .containsExactly("1-1 snapshot", "1-2 progress", "1-3 cancelled");
    StreamEvent end = events.of(id).getLast();
    assertThat(end.id()).isEqualTo(job.finalEventId());
    assertThat(json.readTree(end.data()).get("cancelRequested").asBoolean()).isTrue();
  }

  @Test
  @Shows("call.cancel.finished")
  void theFirstMomentAfterCompletionIsTooLate() {
    List<Integer> answers = new CopyOnWriteArrayList<>();
    String id = jobs.newTransactionId();
    kind.onEnded(id, _ -> answers.add(cancel(id).statusCode()));
    enqueue(id, run -> run.commit(created(3, 1000)));

    Job job = awaitEnd(id);

    assertThat(answers).containsExactly(409);
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.cancelRequested()).isFalse();
    assertThat(events.published(id))
        .containsExactly("1-1 snapshot", "1-2 progress", "1-3 complete");
  }

  @Test
  @Shows({"call.cancel", "call.cancel.again"})
  void itMayBeSaidAgainUntilItHasTakenEffect() {
    List<HttpResponse<String>> answers = new CopyOnWriteArrayList<>();
    String id = jobs.newTransactionId();
    enqueue(
        id,
        run -> {
          answers.add(cancel(id));
          answers.add(cancel(id));
          run.checkpoint();
        });

    awaitEnd(id);

    assertThat(answers)
        .hasSize(2)
        .allSatisfy(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(202);
              assertThat(json(answer).get("cancelRequested").asBoolean()).isTrue();
              assertThat(json(answer).get("status").asString()).isEqualTo("RUNNING");
            });
  }

  @Test
  void anAttemptThatBeginsCancelledDoesNoWork() {
    String id = jobs.newTransactionId();
    enqueue(
        id,
        _ -> {
          cancel(id);
          throw new StackOverflowError("in the middle of it");
        });

    Job job = awaitEnd(id);

    assertThat(job.status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(kind.runs()).containsExactly(id);
    assertThat(events.published(id))
        .containsExactly("1-1 snapshot", "2-1 snapshot", "2-2 cancelled");
  }

  @Test
  @Shows("problem.job-unknown")
  void anUnknownJobIsSaidToBeUnknown() {
    HttpResponse<String> answer = cancel("00000000000000000000000000000000");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(json(answer).get("type").asString()).isEqualTo("urn:waybill:problem:job-unknown");
  }
}
