package dev.waybill.job;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.ScheduledExecutionsFilter;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts jobs into db-scheduler's table, in the caller's transaction. */
@Slf4j
@Component
@RequiredArgsConstructor
class JobQueue {

  static final String TASK = "job";

  /** The maximum expected difference between the clocks of two pods. */
  private static final Duration TOLERANCE = Duration.ofSeconds(30);

  private final Scheduler scheduler;
  private final ScheduledTasks tasks;
  private final TransactionTemplate transactions;
  private final Clock clock;

  /**
   * @param turn the turn of this job among the queued jobs, see {@link TakeTurns}
   */
  void enqueue(String jobId, int turn) {
    // The new job gets its place before the job that has had this turn until now. That job and the
    // jobs behind that job get their new turns within a second.
    TaskInstance<Void> task =
        new TaskInstance.Builder<Void>(TASK, jobId)
            .priority(ScheduledTasks.priority(turn) + 1)
            .build();
    scheduler.schedule(task, clock.instant());
    // Wakes the scheduler after the commit, because a pod can pick the job only after the commit.
    // Without this call, the job would wait until the scheduler polls again.
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            scheduler.triggerCheckForDueExecutions();
          }
        });
  }

  /**
   * Makes jobs due that are scheduled too far in the future because a clock was ahead. A job counts
   * as scheduled too far in the future if it would wait longer than the longest pause between two
   * attempts.
   */
  @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
  void bringForward() {
    Instant now = clock.instant();
    Instant latest = now.plus(RetryPause.LONGEST).plus(TOLERANCE);
    ScheduledExecutionsFilter unpicked = ScheduledExecutionsFilter.all().withPicked(false);
    for (ScheduledExecution<Void> waiting :
        scheduler.getScheduledExecutionsForTask(TASK, Void.class, unpicked)) {
      if (waiting.getExecutionTime().isAfter(latest)) {
        bringForward(waiting, now);
      }
    }
  }

  private void bringForward(ScheduledExecution<Void> waiting, Instant now) {
    String jobId = waiting.getTaskInstance().getId();
    try {
      transactions.executeWithoutResult(
          _ -> {
            if (scheduler.reschedule(waiting.getTaskInstance(), now)) {
              // Restores the count of failures, because a reschedule resets the count to 0. With
              // the count 0, a job whose attempts have failed could be mistaken for a job whose
              // process crashed.
              tasks.setFailures(jobId, waiting.getConsecutiveFailures());
              log.warn(
                  "Job {} was scheduled for {} by a clock that was ahead; making it due now",
                  jobId,
                  waiting.getExecutionTime());
            }
          });
    } catch (TaskInstanceException e) {
      log.debug("Job {} was picked or has ended in the meantime", jobId, e);
    }
  }

  /** The position of a waiting job in the queue, from 1; null after a pod has picked the job. */
  @Nullable Integer position(String jobId) {
    return tasks.queuePosition(jobId);
  }

  static TaskInstanceId instance(String jobId) {
    return TaskInstanceId.of(TASK, jobId);
  }

  static String jobId(Execution execution) {
    return execution.taskInstance.getId();
  }
}
