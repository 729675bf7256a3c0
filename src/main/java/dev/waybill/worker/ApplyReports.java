package dev.waybill.worker;

import dev.waybill.event.EventId;
import dev.waybill.event.EventPublisher;
import dev.waybill.event.StreamEvent;
import dev.waybill.job.AttemptToken;
import dev.waybill.job.Attempts;
import dev.waybill.job.Job;
import dev.waybill.job.JobEvents;
import dev.waybill.job.JobStatus;
import dev.waybill.job.Jobs;
import dev.waybill.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/**
 * Applies the reports of a worker to a job. One transaction applies all reports that arrived
 * together. After the transaction, this class publishes the events that result from these reports,
 * in order. The events get their numbers in the transaction, while the job's row is locked. So
 * different pods may receive reports of the same job. Thread-safe.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class ApplyReports {

  private static final int TRIES_AFTER_DEADLOCK = 5;

  private final Attempts attempts;
  private final Jobs jobs;
  private final JobEvents jobEvents;
  private final ExternalStore store;
  private final EventPublisher publisher;
  private final WorkerMetrics metrics;
  private final TransactionOperations transactions;
  private final JsonMapper json;

  /**
   * The locks that keep the events of each job in order. The hash of a job's ID selects the lock
   * for the job. A thread holds this lock while it commits and publishes. So a pod publishes the
   * events of a job in the order in which they were committed.
   */
  private final List<Lock> order = Stream.<Lock>generate(ReentrantLock::new).limit(256).toList();

  /**
   * The result of applying a group of reports.
   *
   * @param accepted the number of accepted reports, including reports that had already been
   *     accepted before
   * @param lastSequence the number of the attempt's last accepted report
   * @param ended whether the job has ended
   * @param replaced whether a newer request of the worker has replaced this request, so that no
   *     report was accepted
   * @param refusal the reason why a report was refused, or null. The reports after the refused
   *     report were not applied either
   */
  record Outcome(
      int accepted,
      long lastSequence,
      boolean cancelRequested,
      boolean ended,
      boolean replaced,
      @Nullable Problem refusal) {}

  /**
   * @param body the ID of the request that sends the reports
   * @param mustHold true if the reports must be refused when a newer request has replaced this
   *     request; false if this request itself replaces an older request
   */
  Outcome apply(AttemptToken token, String body, boolean mustHold, List<Report> reports) {
    Lock lock = order.get(Math.floorMod(token.jobId().hashCode(), order.size()));
    lock.lock();
    try {
      Applied applied = applyWithRetries(token, body, mustHold, reports);
      publish(applied.events());
      if (applied.endedNow()) {
        jobs.announceEnd(token.jobId());
      }
      return applied.outcome();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a job if its worker has been silent for too long, or has not ended the job in time after a
   * cancel. Checks this condition again in the transaction.
   */
  void endIfDue(String jobId) {
    Lock lock = order.get(Math.floorMod(jobId.hashCode(), order.size()));
    lock.lock();
    try {
      Optional<Applied> applied =
          Objects.requireNonNull(transactions.execute(_ -> endInTransaction(jobId)));
      applied.ifPresent(
          ended -> {
            publish(ended.events());
            jobs.announceEnd(jobId);
          });
    } finally {
      lock.unlock();
    }
  }

  private record Applied(Outcome outcome, List<StreamEvent> events, boolean endedNow) {}

  private Applied applyWithRetries(
      AttemptToken token, String body, boolean mustHold, List<Report> reports) {
    for (int tries = 1; ; tries++) {
      try {
        return Objects.requireNonNull(
            transactions.execute(_ -> applyInTransaction(token, body, mustHold, reports)));
      } catch (PessimisticLockingFailureException e) {
        if (tries == TRIES_AFTER_DEADLOCK) {
          throw e;
        }
        log.debug("Job {}: a deadlock rolled back reports, trying again", token.jobId(), e);
      }
    }
  }

  private Applied applyInTransaction(
      AttemptToken token, String body, boolean mustHold, List<Report> reports) {
    Optional<Job> running = attempts.advance(token);
    boolean begins = running.isEmpty();
    if (begins) {
      running = attempts.beginFirst(token.jobId());
    }
    ExternalJob before =
        store.findInTransaction(token.jobId()).orElseThrow(() -> Jobs.unknown(token.jobId()));
    if (running.isEmpty()) {
      return new Applied(afterTheEnd(token, before, reports), List.of(), false);
    }
    Job job = running.get();
    if (mustHold && !body.equals(before.body())) {
      Outcome replaced =
          new Outcome(0, before.reportSequence(), job.cancelRequested(), false, true, null);
      return new Applied(replaced, List.of(), false);
    }
    Course course = new Course(job, before, json);
    int accepted = 0;
    Problem refusal = null;
    for (Report report : reports) {
      try {
        course.take(report);
        accepted++;
      } catch (Problem problem) {
        refusal = problem;
        break;
      }
    }
    return store(job, before, course, body, begins, accepted, refusal);
  }

  private Applied store(
      Job job,
      ExternalJob before,
      Course course,
      String body,
      boolean begins,
      int accepted,
      @Nullable Problem refusal) {
    ExternalJob now = course.after(before, body);
    if (!course.output().isEmpty()) {
      now = store.append(now, course.output());
    }
    List<StreamEvent> events = new ArrayList<>();
    if (begins) {
      events.add(beginning(job, before));
    }
    events.addAll(course.events(before.eventSequence() + events.size(), now, jobEvents));
    now = now.withEventSequence(before.eventSequence() + events.size());
    Course.Ending ending = course.ending();
    store.update(now, ending != null);
    if (ending != null) {
      end(job, ending, now.eventSequence() + 1);
    }
    return new Applied(
        new Outcome(
            accepted, now.reportSequence(), job.cancelRequested(), ending != null, false, refusal),
        events,
        ending != null);
  }

  /** Makes the snapshot, which is the first event of the attempt. */
  private StreamEvent beginning(Job job, ExternalJob before) {
    return jobEvents.snapshot(ExternalView.of(job, before, "", null), EventId.first(job.attempt()));
  }

  private void end(Job job, Course.Ending ending, long finalSequence) {
    AttemptToken token = new AttemptToken(job.id(), job.attempt());
    boolean ended =
        attempts.end(token, ending.status(), ending.error(), ending.result(), finalSequence)
            // The first call of end returns false if a client has just asked to cancel the job. In
            // this case the second call ends the job as cancelled.
            || attempts.end(token, JobStatus.CANCELLED, null, ending.result(), finalSequence);
    if (!ended) {
      throw new IllegalStateException("job %s is locked but did not end".formatted(job.id()));
    }
  }

  /**
   * Answers reports that arrive after the end of the job. If a report was already accepted before
   * the end, acknowledges this report again.
   */
  private Outcome afterTheEnd(AttemptToken token, ExternalJob before, List<Report> reports) {
    Job job = jobs.get(token.jobId());
    if (job.attempt() > token.attempt()) {
      throw WorkerProblems.superseded(token.attempt());
    }
    int accepted = 0;
    for (Report report : reports) {
      Long sequence = report.sequence();
      if (sequence == null || sequence > before.reportSequence()) {
        return new Outcome(
            accepted,
            before.reportSequence(),
            job.cancelRequested(),
            true,
            false,
            WorkerProblems.finished());
      }
      accepted++;
    }
    return new Outcome(accepted, before.reportSequence(), job.cancelRequested(), true, false, null);
  }

  private Optional<Applied> endInTransaction(String jobId) {
    Optional<Job> found = jobs.find(jobId);
    if (found.isEmpty() || found.get().status().isFinished()) {
      store.close(jobId);
      return Optional.empty();
    }
    boolean begins = found.get().status() == JobStatus.QUEUED;
    if (begins && !store.isDue(jobId)) {
      return Optional.empty();
    }
    Optional<Job> running =
        begins
            ? attempts.beginFirst(jobId)
            : attempts.advance(new AttemptToken(jobId, found.get().attempt()));
    // Checks again whether the job is due, because a report may have arrived just before the job
    // was locked.
    if (running.isEmpty() || !begins && !store.isDue(jobId)) {
      return Optional.empty();
    }
    Job job = running.get();
    ExternalJob before = store.findInTransaction(jobId).orElseThrow();
    Course course = new Course(job, before, json);
    Course.Ending ending =
        job.cancelRequested()
            ? new Course.Ending(JobStatus.CANCELLED, null, null)
            : new Course.Ending(JobStatus.FAILED, lost(before), null);
    List<StreamEvent> events = begins ? List.of(beginning(job, before)) : List.of();
    ExternalJob now =
        course
            .after(before, before.body() == null ? "" : before.body())
            .withEventSequence(before.eventSequence() + events.size());
    store.update(now, true);
    end(job, ending, now.eventSequence() + 1);
    if (!job.cancelRequested()) {
      metrics.lost();
    }
    return Optional.of(
        new Applied(
            new Outcome(0, now.reportSequence(), job.cancelRequested(), true, false, null),
            events,
            true));
  }

  private String lost(ExternalJob job) {
    return Course.error(
        json,
        "worker-lost",
        "The worker has not reported for %d s, so it is considered lost."
            .formatted(job.silence() / 1000));
  }

  /**
   * Publishes events after their commit. The reports are already stored, so a failure to publish
   * the events must not be reported to the worker as a failure of its reports.
   */
  private void publish(List<StreamEvent> events) {
    try {
      for (StreamEvent event : events) {
        publisher.publish(event);
      }
      metrics.events(events.size());
    } catch (RuntimeException e) {
      log.warn("Reports are stored but could not be delivered; watchers get a snapshot", e);
    }
  }
}
