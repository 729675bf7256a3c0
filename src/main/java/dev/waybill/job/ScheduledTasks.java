package dev.waybill.job;

import com.github.kagkarlsson.scheduler.task.Execution;
import lombok.RequiredArgsConstructor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What we ask of db-scheduler's own table, behind its back. */
@Repository
@RequiredArgsConstructor
class ScheduledTasks {

  private final JdbcClient jdbc;

  /**
   * Whether the task is still picked by this very execution, and so it stays until the surrounding
   * transaction ends: nobody else can have picked it since, and nobody can before. The update that
   * changes nothing is the lock, in the same words on every database.
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

  /** How many attempts of an unpicked task count as failed in a row. */
  void setFailures(String jobId, int failures) {
    jdbc.sql(
            """
            UPDATE scheduled_tasks SET consecutive_failures = ?
            WHERE task_name = ? AND task_instance = ? AND picked = ?
            """)
        .params(failures, JobQueue.TASK, jobId, false)
        .update();
  }

  /** Removes the task of a job that ended before it was picked; a picked one removes itself. */
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
   * Puts everything back that an earlier process had picked. Only for a database that belongs to
   * this process alone, before the scheduler starts.
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
