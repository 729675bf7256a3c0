package dev.waybill.worker;

import dev.waybill.event.EventId;
import dev.waybill.event.EventPublisher;
import dev.waybill.job.Attempts;
import dev.waybill.job.Job;
import dev.waybill.job.JobEvents;
import java.util.Objects;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Starts the attempt that belongs to a call to a worker. Each call is an attempt at the job. After
 * an attempt has started, the server refuses the tokens of earlier attempts.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class BeginCall {

  private final Attempts attempts;
  private final ExternalStore store;
  private final CallStore calls;
  private final JobEvents jobEvents;
  private final EventPublisher publisher;
  private final TransactionOperations transactions;

  /**
   * @param fromStart whether the output and the counters of earlier attempts are dropped
   * @return the job, or empty if the job has ended
   */
  Optional<Job> begin(String jobId, boolean fromStart) {
    Optional<Job> begun =
        Objects.requireNonNull(transactions.execute(_ -> beginInTransaction(jobId, fromStart)));
    begun.ifPresent(this::publish);
    return begun;
  }

  private Optional<Job> beginInTransaction(String jobId, boolean fromStart) {
    Optional<Job> begun = attempts.beginNext(jobId);
    begun.ifPresent(
        job -> {
          calls.begin(jobId);
          store.beginAttempt(jobId, job.attempt(), fromStart);
        });
    return begun;
  }

  /**
   * Publishes the first event of the attempt. No report can arrive before this event, because the
   * worker does not have the token of the attempt yet.
   */
  private void publish(Job job) {
    try {
      store
          .withOutput(job.id())
          .ifPresent(
              found ->
                  publisher.publish(
                      jobEvents.snapshot(
                          ExternalView.of(job, found.job(), found.output(), null),
                          EventId.first(job.attempt()))));
    } catch (RuntimeException e) {
      log.warn("Job {}: an attempt has begun but could not be announced", job.id(), e);
    }
  }
}
