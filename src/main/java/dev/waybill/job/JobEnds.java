package dev.waybill.job;

import dev.waybill.problem.Problem;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ends a job. One transaction stores its last status and the ID of its final event. The event is
 * published only after the commit. If the process dies in between, the pods that watch the job
 * notice the missing event and publish it from the row.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class JobEnds {

  /** The snapshot, the first event of an attempt, has 1. */
  private static final long FIRST_FINAL_SEQUENCE = 2;

  private final JobStore store;
  private final Attempts attempts;
  private final JobKinds kinds;
  private final ScheduledTasks tasks;
  private final Reporter reporter;
  private final TransactionOperations transactions;
  private final JsonMapper json;

  /**
   * Completes a job whose counters agree with its records. A cancel that was accepted before wins.
   *
   * @throws JobRun.Interruption if it was cancelled or taken over
   */
  void complete(Job job, AttemptFeed feed) {
    Job done = store.find(job.id()).orElseThrow(JobRun.Interruption.Fenced::new);
    kinds.ofQueued(done).checkAccounts(done);
    if (!end(job, feed, JobStatus.COMPLETED, null)) {
      Job now = store.find(job.id()).orElseThrow(JobRun.Interruption.Fenced::new);
      throw now.attempt() == job.attempt() && now.cancelRequested()
          ? new JobRun.Interruption.Cancelled()
          : new JobRun.Interruption.Fenced();
    }
  }

  /** Ends a running job as cancelled. Returns false if another attempt has taken it over. */
  boolean cancel(Job job, AttemptFeed feed) {
    return end(job, feed, JobStatus.CANCELLED, null);
  }

  /** Ends a running job as failed. Returns false if another attempt has taken it over. */
  boolean fail(Job job, AttemptFeed feed, JobFailure failure) {
    ProblemDetail problem =
        Problem.body(
            HttpStatus.INTERNAL_SERVER_ERROR,
            failure.code(),
            kinds.ofQueued(job).failureWords().title(),
            Objects.requireNonNull(failure.getMessage()));
    problem.setProperty("code", failure.code());
    return end(job, feed, JobStatus.FAILED, json.writeValueAsString(problem));
  }

  /**
   * Cancels a job that no pod has picked yet. This counts as an attempt, so that the IDs of its
   * final events are higher than all that were published while it was queued.
   */
  void cancelQueued(String id) {
    Optional<Job> ended =
        transactions.execute(
            _ -> {
              // Locks the task before the job, in the order in which a pod that picks it locks
              // them.
              tasks.removeUnpicked(id);
              Optional<Job> begun = attempts.beginFirst(id);
              if (begun.isEmpty()) {
                return Optional.empty();
              }
              end(begun.get(), JobStatus.CANCELLED, null, FIRST_FINAL_SEQUENCE);
              return store.findInTransaction(id);
            });
    ended.ifPresent(job -> announceEnd(job, reporter::publishWhole));
  }

  /** Publishes the end of a job that is committed. */
  void announceEnd(Job ended) {
    announceEnd(ended, reporter::publishFinal);
  }

  private boolean end(Job job, AttemptFeed feed, JobStatus status, @Nullable String error) {
    long sequence = feed.finish().sequence();
    boolean ended =
        Boolean.TRUE.equals(transactions.execute(_ -> end(job, status, error, sequence)));
    if (ended) {
      announceEnd(store.find(job.id()).orElseThrow(), reporter::publishFinal);
    }
    return ended;
  }

  /** The end is committed. A failure from here on must not change it. */
  private void announceEnd(Job ended, Consumer<Job> publish) {
    safely(ended, "release what it held", () -> kinds.find(ended).ifPresent(k -> k.ended(ended)));
    safely(ended, "publish its end", () -> publish.accept(ended));
  }

  private static void safely(Job ended, String what, Runnable action) {
    try {
      action.run();
    } catch (Throwable e) {
      // Errors too. The sweeper deletes a file that stays, and pods publish an end that is
      // missing.
      log.warn("Job {}: has ended, but this pod could not {}", ended.id(), what, e);
    }
  }

  private boolean end(Job job, JobStatus status, @Nullable String error, long sequence) {
    return attempts.end(AttemptToken.of(job), status, error, null, sequence);
  }
}
