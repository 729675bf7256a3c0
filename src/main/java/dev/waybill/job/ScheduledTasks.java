package dev.waybill.job;

import com.github.kagkarlsson.scheduler.task.Execution;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * SQL statements on db-scheduler's table, for operations that the API of db-scheduler does not
 * offer.
 */
@Repository
class ScheduledTasks {

  private final JdbcClient jdbc;
  private final JdbcClient reads;

  ScheduledTasks(JdbcClient jdbc, @Qualifier("reads") JdbcClient reads) {
    this.jdbc = jdbc;
    this.reads = reads;
  }

  /**
   * The priority of a job that has this turn (its place in the order of the queue). The column
   * {@code priority} is a smallint, and db-scheduler picks higher priorities first. The priorities
   * of two neighbouring turns differ by two, so that a new job can get the priority between them.
   */
  static int priority(int turn) {
    return -Math.min(2 * turn, Short.MAX_VALUE);
  }

  /**
   * Whether this execution still holds the task. If it does, no other pod can take the task until
   * the surrounding transaction ends. The UPDATE changes no value. The UPDATE only locks the row,
   * in SQL that both PostgreSQL and SQLite understand.
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

  /** Sets the count of consecutive failures of a task that no pod has picked. */
  void setFailures(String jobId, int failures) {
    jdbc.sql(
            """
            UPDATE scheduled_tasks SET consecutive_failures = ?
            WHERE task_name = ? AND task_instance = ? AND picked = ?
            """)
        .params(failures, JobQueue.TASK, jobId, false)
        .update();
  }

  /**
   * Sets the priority of each unpicked task according to its turn. Writes only the priorities that
   * change.
   */
  void setTurns(Map<String, Integer> turnByJob) {
    Map<String, Integer> differing = new TreeMap<>();
    reads
        .sql(
            """
            SELECT task_instance, priority FROM scheduled_tasks
            WHERE task_name = ? AND picked = ?
            """)
        .params(JobQueue.TASK, false)
        .query(
            row -> {
              Integer turn = turnByJob.get(row.getString(1));
              if (turn != null && (row.getInt(2) != priority(turn) || row.wasNull())) {
                differing.put(row.getString(1), priority(turn));
              }
            });
    differing.forEach(
        (jobId, priority) ->
            jdbc.sql(
                    """
                    UPDATE scheduled_tasks SET priority = ?
                    WHERE task_name = ? AND task_instance = ? AND picked = ?
                    """)
                .params(priority, JobQueue.TASK, jobId, false)
                .update());
  }

  /**
   * The position of a waiting job in the order in which jobs are picked, from 1; null after a pod
   * has picked the job.
   */
  @Nullable Integer queuePosition(String jobId) {
    return reads
        .sql(
            """
            SELECT 1 + COUNT(earlier.task_instance)
            FROM scheduled_tasks own LEFT JOIN scheduled_tasks earlier
              ON earlier.task_name = own.task_name AND earlier.picked = own.picked
              AND (COALESCE(earlier.priority, 0) > COALESCE(own.priority, 0)
                OR (COALESCE(earlier.priority, 0) = COALESCE(own.priority, 0)
                  AND earlier.execution_time < own.execution_time))
            WHERE own.task_name = ? AND own.task_instance = ? AND own.picked = ?
            GROUP BY own.task_instance
            """)
        .params(JobQueue.TASK, jobId, false)
        .query(Integer.class)
        .optional()
        .orElse(null);
  }

  /**
   * Removes the task of a job that ended before a pod picked the task. The pod that runs a picked
   * task removes that task itself.
   */
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
   * Returns all tasks that an earlier process had picked to the queue. Call this method only before
   * the scheduler starts, and only for a database that no other process uses.
   *
   * @return the number of tasks that were returned to the queue
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
