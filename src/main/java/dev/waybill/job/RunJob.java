package dev.waybill.job;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.waybill.platform.OutageLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Runs one attempt at a job that db-scheduler has picked.
 *
 * <p>After an attempt, either the job is finished, or its row is still in the queue for the next
 * attempt. A fenced attempt (an attempt whose job another attempt has taken over) changes nothing,
 * not even the row in the queue.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class RunJob implements ExecutionHandler<Void> {

  /**
   * A job fails after this number of consecutive attempts without a new chunk. {@link
   * #hasFailedOpenly} allows a few more attempts.
   */
  static final int IDLE_ATTEMPTS_LIMIT = 3;

  /**
   * The pause before a job of an unknown kind is picked again. The pause is long enough to cause
   * little load, and short compared with the duration of a deploy.
   */
  static final Duration UNKNOWN_KIND_PAUSE = Duration.ofSeconds(15);

  private static final CompletionHandler<Void> REMOVE = new CompletionHandler.OnCompleteRemove<>();
  private static final CompletionHandler<Void> LEAVE_ALONE = (_, _) -> {};

  private final JobKinds kinds;
  private final JobStore store;
  private final Attempts attempts;
  private final ScheduledTasks tasks;
  private final JobEnds ends;
  private final Reporter reporter;
  private final TransactionOperations transactions;
  private final AttemptSessions sessions;
  private final JobWorker worker;
  private final JobsProperties properties;
  private final OutageLog outages;
  private final Clock clock;

  /**
   * The unknown kinds about which this pod has logged a warning. The set stays small, because a
   * kind exists only if some version has code for it.
   */
  private final Set<String> unknownKinds = ConcurrentHashMap.newKeySet();

  /** The jobs that this process is running. */
  private final Set<String> running = ConcurrentHashMap.newKeySet();

  @Override
  public CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
    Execution execution = context.getExecution();
    String id = JobQueue.jobId(execution);
    if (worker.isStopping()) {
      return again(Duration.ZERO);
    }
    running.add(id);
    try {
      return switch (transactions.execute(_ -> begin(id, execution))) {
        case Begin.NotOurs() -> LEAVE_ALONE;
        case Begin.NoJob() -> REMOVE;
        case Begin.UnknownKind(Job job) -> leaveToAnotherPod(job, execution);
        case Begin.Finished(Job job) -> {
          // Releases the resources of the ended job again, because the attempt that ended the job
          // may have crashed before it deleted the job's file.
          kinds.ofQueued(job).ended(job);
          yield REMOVE;
        }
        case Begin.Attempt(Job job) -> attempt(job, execution);
      };
    } finally {
      running.remove(id);
    }
  }

  /** Whether this process is running a job, even if the heartbeat of the job is old. */
  boolean isRunning(String id) {
    return running.contains(id);
  }

  private sealed interface Begin {
    /** Another pod has taken the task over after this pod picked it. */
    record NotOurs() implements Begin {}

    /** The job of the task no longer exists. */
    record NoJob() implements Begin {}

    /**
     * Only another version of this service knows the kind of the job. This occurs, for example,
     * during a rolling deploy.
     */
    record UnknownKind(Job job) implements Begin {}

    record Finished(Job job) implements Begin {}

    /** This pod has begun a new attempt at the job. */
    record Attempt(Job job) implements Begin {}
  }

  private Begin begin(String id, Execution execution) {
    if (!tasks.holds(execution)) {
      return new Begin.NotOurs();
    }
    Optional<Job> found = store.findInTransaction(id);
    if (found.isEmpty()) {
      return new Begin.NoJob();
    }
    Optional<QueuedKind> kind = kinds.findQueued(found.get());
    if (kind.isEmpty()) {
      return new Begin.UnknownKind(found.get());
    }
    sessions.endEarlier(id);
    Optional<Job> begun = attempts.beginNext(id);
    begun.ifPresent(kind.get()::begun);
    return begun
        .<Begin>map(Begin.Attempt::new)
        .orElseGet(() -> new Begin.Finished(store.findInTransaction(id).orElseThrow()));
  }

  /**
   * Puts the task back into the queue and changes only the time at which the task is due. This run
   * does not count as an attempt at the job.
   */
  private CompletionHandler<Void> leaveToAnotherPod(Job job, Execution execution) {
    if (unknownKinds.add(job.family())) {
      log.warn(
          "Job {}: this pod does not know the kind {} and leaves such jobs to other pods",
          job.id(),
          job.family());
    }
    return (done, operations) -> {
      operations.reschedule(done, clock.instant().plus(UNKNOWN_KIND_PAUSE));
      // Restores the count of failures, because db-scheduler treats a reschedule as a success and
      // resets the count.
      tasks.setFailures(job.id(), execution.consecutiveFailures);
    };
  }

  private CompletionHandler<Void> attempt(Job job, Execution execution) {
    AttemptFeed feed = reporter.open(job);
    try {
      return run(job, feed, execution);
    } finally {
      reporter.close(feed);
    }
  }

  private CompletionHandler<Void> run(Job job, AttemptFeed feed, Execution execution) {
    try {
      if (job.cancelRequested()) {
        throw new JobRun.Interruption.Cancelled();
      }
      if (job.idleAttempts() > IDLE_ATTEMPTS_LIMIT && !hasFailedOpenly(job, execution)) {
        throw new JobFailure(
            "crashed", kinds.ofQueued(job).failureWords().crashed(job, IDLE_ATTEMPTS_LIMIT), null);
      }
      kinds
          .ofQueued(job)
          .run(
              new JobAttempt(
                  job, store, attempts, transactions, sessions, feed, worker::isStopping));
      ends.complete(job, feed);
      return REMOVE;
    } catch (JobRun.Interruption interruption) {
      return interrupted(job, feed, interruption);
    } catch (JobFailure failure) {
      log.warn("Job {} failed: {}", job.id(), failure.getMessage(), failure.getCause());
      return ends.fail(job, feed, failure) ? REMOVE : LEAVE_ALONE;
    } catch (UncheckedIOException e) {
      return worker.isStopping()
          ? interrupted(job, feed, new JobRun.Interruption.HandedOver())
          : waitForStorage(job, feed, execution, e);
    } catch (RuntimeException e) {
      if (worker.isStopping()) {
        // This exception occurs because the shutdown interrupts an attempt that did not stop in
        // time.
        log.info("Job {}: stopped by the shutdown", job.id(), e);
        return interrupted(job, feed, new JobRun.Interruption.HandedOver());
      }
      return isStorageTrouble(e) ? storageTrouble(job, feed, execution, e) : broken(job, feed, e);
    }
  }

  /**
   * Whether the previous attempt failed without a crash, but could not store its failure. In this
   * case the cause is the storage and not the file, so the job gets a limited number of further
   * attempts. Only failures of this sort increase the scheduler's count of failures; crashes do
   * not. So each of these failures allows one more attempt.
   */
  private static boolean hasFailedOpenly(Job job, Execution execution) {
    int failures = execution.consecutiveFailures;
    return failures > 0
        && failures < IDLE_ATTEMPTS_LIMIT
        && job.idleAttempts() <= IDLE_ATTEMPTS_LIMIT + failures;
  }

  private CompletionHandler<Void> interrupted(
      Job job, AttemptFeed feed, JobRun.Interruption interruption) {
    return switch (interruption) {
      case JobRun.Interruption.Cancelled _ -> ends.cancel(job, feed) ? REMOVE : LEAVE_ALONE;
      case JobRun.Interruption.HandedOver _ -> {
        // The shutdown interrupts attempts that do not stop in time. Clears the interrupt flag,
        // because the connection pool gives no connection to an interrupted thread.
        boolean late = Thread.interrupted();
        log.debug("Job {}: handed over (interrupted: {})", job.id(), late);
        boolean ours =
            Boolean.TRUE.equals(transactions.execute(_ -> store.handOver(job.id(), job.attempt())));
        yield ours ? again(Duration.ZERO) : LEAVE_ALONE;
      }
      case JobRun.Interruption.Fenced _ -> {
        log.warn("Job {}: attempt {} was taken over, stopping it", job.id(), job.attempt());
        yield LEAVE_ALONE;
      }
    };
  }

  /**
   * Makes the job wait until this pod or another pod can read the upload folder again. The job is
   * retried for minutes before it fails, because an unmounted folder usually becomes available
   * again.
   */
  private CompletionHandler<Void> waitForStorage(
      Job job, AttemptFeed feed, Execution execution, UncheckedIOException e) {
    outages.report(
        "upload folder", "Job %s waits: its file cannot be read".formatted(job.id()), e.getCause());
    Instant now = clock.instant();
    Optional<Instant> since =
        transactions.execute(
            _ ->
                tasks.holds(execution)
                    ? store.waitForStorage(job.id(), job.attempt(), now)
                    : Optional.empty());
    if (since.isEmpty()) {
      return LEAVE_ALONE;
    }
    Duration waited = Duration.between(since.get(), now);
    if (waited.compareTo(properties.storagePatience()) < 0) {
      return again(RetryPause.whileWaiting(waited));
    }
    JobFailure failure =
        new JobFailure(
            "storage", kinds.ofQueued(job).failureWords().storageAway(job, waited.toSeconds()), e);
    return ends.fail(job, feed, failure) ? REMOVE : LEAVE_ALONE;
  }

  private CompletionHandler<Void> storageTrouble(
      Job job, AttemptFeed feed, Execution execution, RuntimeException e) {
    log.error("Job {}: attempt {} met a storage failure", job.id(), job.attempt(), e);
    // Checks whether another pod now holds the task. If so, that pod has taken the job over and has
    // ended the database session of this attempt. In this attempt, the ended session looks like a
    // storage failure.
    if (!Boolean.TRUE.equals(transactions.execute(_ -> tasks.holds(execution)))) {
      return LEAVE_ALONE;
    }
    Job now = store.find(job.id()).orElse(job);
    if (now.idleAttempts() >= IDLE_ATTEMPTS_LIMIT) {
      JobFailure failure =
          new JobFailure(
              "storage",
              kinds.ofQueued(job).failureWords().storageFailed(job, IDLE_ATTEMPTS_LIMIT),
              e);
      return ends.fail(job, feed, failure) ? REMOVE : LEAVE_ALONE;
    }
    // {@code idleAttempts} is 0 if this attempt committed a chunk before it failed.
    return again(RetryPause.after(Math.max(1, now.idleAttempts())));
  }

  private CompletionHandler<Void> broken(Job job, AttemptFeed feed, RuntimeException e) {
    log.error("Job {}: attempt {} broke", job.id(), job.attempt(), e);
    JobFailure failure =
        new JobFailure("internal", kinds.ofQueued(job).failureWords().internal(job), e);
    return ends.fail(job, feed, failure) ? REMOVE : LEAVE_ALONE;
  }

  private static boolean isStorageTrouble(RuntimeException e) {
    @Nullable Throwable root = NestedExceptionUtils.getRootCause(e);
    return e instanceof DataAccessException
        || e instanceof TransactionException
        || root instanceof SQLException
        || root instanceof IOException;
  }

  private CompletionHandler<Void> again(Duration pause) {
    return (done, operations) -> operations.reschedule(done, clock.instant().plus(pause));
  }
}
