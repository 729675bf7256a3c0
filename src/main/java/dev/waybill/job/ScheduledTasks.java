package dev.waybill.job;

import com.github.kagkarlsson.scheduler.task.Execution;
import lombok.RequiredArgsConstructor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Statements on the table of db-scheduler that its API does not offer. */
@Repository
@RequiredArgsConstructor
class ScheduledTasks {

  private final JdbcClient jdbc;

  /**
   * Whether the task is still picked by this execution. If so, it stays picked until the
   * surrounding transaction ends. The update changes nothing and only locks the row, in SQL that
   * every database understands.
   */
  boolean holds(Execution execution) {
    return jdbc.sql(
                """
                UPDATE scheduled_tasks SET version = version
                WHERE task_name = ? AND task_instance = ? AND picked = ? AND picked_by = ?
                  AND version = ?
                """)
            .params(
                execution.taskInstance.getTaskName(),
                execution.taskInstance.getId(),
                true,
                execution.pickedBy,
                execution.version)
            .update()
        == 1;
  }

  /** Sets how many attempts of an unpicked task count as failed in a row. */
  void setFailures(String jobId, int failures) {
    jdbc.sql(
            """
            UPDATE scheduled_tasks SET consecutive_failures = ?
            WHERE task_name = ? AND task_instance = ? AND picked = ?
            """)
        .params(failures, JobQueue.TASK, jobId, false)
        .update();
  }

  /** Removes the task of a job that ended before it was picked. A picked task removes itself. */
  void removeUnpicked(String jobId) {
    jdbc.sql(
            """
            DELETE FROM scheduled_tasks
            WHERE task_name = ? AND task_instance = ? AND picked = ?
            """)
        .params(JobQueue.TASK, jobId, false)
        .update();
  }

  /**
   * Returns all tasks that an earlier process had picked. Only for a database that no other process
   * uses, and before the scheduler starts.
   *
   * @return how many
   */
  int takeBackAll() {
    return jdbc.sql(
            """
            UPDATE scheduled_tasks
            SET picked = ?, picked_by = NULL, last_heartbeat = NULL, version = version + 1
            WHERE picked = ?
            """)
        .params(false, true)
        .update();
  }
}
