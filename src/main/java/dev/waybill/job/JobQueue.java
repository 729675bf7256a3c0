package dev.waybill.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Clock;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Puts jobs into db-scheduler's table, in the caller's transaction. */
@Component
@RequiredArgsConstructor
class JobQueue {

  static final String TASK = "job";

  private final Scheduler scheduler;
  private final Clock clock;

  void enqueue(String jobId) {
    scheduler.schedule(new TaskInstance<>(TASK, jobId), clock.instant());
    // Only a committed row can be picked; without the hint it would wait for the next poll.
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            scheduler.triggerCheckForDueExecutions();
          }
        });
  }

  static TaskInstanceId instance(String jobId) {
    return TaskInstanceId.of(TASK, jobId);
  }

  static String jobId(Execution execution) {
    return execution.taskInstance.getId();
  }
}
