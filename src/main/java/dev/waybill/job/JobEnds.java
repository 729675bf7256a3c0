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
 * published only after the commit. If the process crashes between commit and publication, the pods
 * whose clients watch the job notice that the event is missing. These pods create the event from
 * the job's row and publish it.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class JobEnds {

  /**
   * The number of the final event of a job that never ran. The snapshot before the final event has
   * the number 1.
   */
  private static final long FIRST_FINAL_SEQUENCE = 2;

  private final JobStore store;
  private final Attempts attempts;
  private final JobKinds kinds;
  private final ScheduledTasks tasks;
  private final Reporter reporter;
  private final TransactionOperations transactions;
  private final JsonMapper json;

  /**
   * Completes a job, after checking that its counters agree with its records. Does not complete a
   * job if a request to cancel it was accepted before.
   *
   * @throws JobRun.Interruption if the job was cancelled or another attempt has taken it over
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
   * Cancels a job that no pod has picked yet. The cancellation counts as an attempt. So the IDs of
   * the events that this method publishes are higher than the IDs of all events that were published
   * while the job was queued.
   */
  void cancelQueued(String id) {
    Optional<Job> ended =
        transactions.execute(
            _ -> {
              // Locks the row of the task before the row of the job. A pod that picks the job locks
              // in the same order, so the two transactions cannot deadlock.
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

  /** Publishes the end of a job after its commit. */
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

  /**
   * Counts the end of a job, releases the resources that the job held, and publishes its end. The
   * database has already committed the end, so a failure in this method must not change the result
   * of the job.
   */
  private void announceEnd(Job ended, Consumer<Job> publish) {
    safely(ended, "count its end", () -> kinds.find(ended).ifPresent(k -> k.countEnd(ended)));
    safely(ended, "release what it held", () -> kinds.find(ended).ifPresent(k -> k.ended(ended)));
    safely(ended, "publish its end", () -> publish.accept(ended));
  }

  private static void safely(Job ended, String what, Runnable action) {
    try {
      action.run();
    } catch (Throwable e) {
      // Catches every Throwable. If the deletion of the file failed, another task deletes the file
      // later. If the publication failed, the pods whose clients watch the job publish the end of
      // the job.
      log.warn("Job {}: has ended, but this pod could not {}", ended.id(), what, e);
    }
  }

  private boolean end(Job job, JobStatus status, @Nullable String error, long sequence) {
    return attempts.end(AttemptToken.of(job), status, error, null, sequence);
  }
}
