package dev.waybill.job;

import dev.waybill.access.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Reads and writes the table of jobs, in SQL that both PostgreSQL and SQLite understand.
 *
 * <p>Changes join the caller's transaction. An attempt passes its number with each change. The
 * change has an effect only if no later attempt has begun. The result of the method reports whether
 * the change had an effect. So a process whose job was taken over by another pod cannot change the
 * job.
 */
@Repository
class JobStore {

  /**
   * The SELECT list for a job. Every statement with this list uses the alias {@code job} for the
   * job's row.
   */
  private static final String COLUMNS =
      """
      id, kind, family, title, status, attempt, idle_attempts, cancel_requested, created_at,
      started_at, attempt_started_at, finished_at, error, result, final_sequence, caller,
      EXISTS (SELECT 1 FROM cancel_request WHERE job_id = job.id) AS cancel_pending
      """;

  /**
   * The SELECT list for a list of jobs. This list leaves out the column {@code result}, because a
   * result can be large.
   */
  private static final String COLUMNS_OF_LIST = COLUMNS.replace(" result,", " NULL AS result,");

  private final JdbcClient writes;
  private final JdbcClient reads;

  JobStore(JdbcClient writes, @Qualifier("reads") JdbcClient reads) {
    this.writes = writes;
    this.reads = reads;
  }

  /**
   * @param scheduled whether a thread of this service will run the job
   */
  void insert(NewJob job, Caller caller, boolean scheduled, Instant now) {
    writes
        .sql(
            """
            INSERT INTO job (id, kind, family, title, scheduled, status, attempt, idle_attempts,
              cancel_requested, created_at, caller)
            VALUES (?, ?, ?, ?, ?, 'QUEUED', 0, 0, ?, ?, ?)
            """)
        .params(
            job.id(),
            job.kind(),
            job.family(),
            job.title(),
            scheduled,
            false,
            now.toEpochMilli(),
            caller.id())
        .update();
  }

  /** The last committed state of a job. */
  Optional<Job> find(String id) {
    return find(reads, id);
  }

  /** The state of a job as the open transaction sees it. */
  Optional<Job> findInTransaction(String id) {
    return find(writes, id);
  }

  private Optional<Job> find(JdbcClient jdbc, String id) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM job WHERE id = ?")
        .param(id)
        .query(JobStore::read)
        .optional();
  }

  List<Job> among(Collection<String> ids) {
    return reads
        .sql("SELECT " + COLUMNS + " FROM job WHERE id IN (:ids)")
        .param("ids", ids)
        .query(JobStore::read)
        .list();
  }

  List<Job> finishedAmong(Collection<String> ids) {
    return reads
        .sql("SELECT " + COLUMNS + " FROM job WHERE final_sequence IS NOT NULL AND id IN (:ids)")
        .param("ids", ids)
        .query(JobStore::read)
        .list();
  }

  /** The ID of the caller that created a job; empty for a job of an early version. */
  Optional<String> ownerOf(String id) {
    return reads
        .sql("SELECT caller FROM job WHERE id = ? AND caller IS NOT NULL")
        .param(id)
        .query(String.class)
        .optional();
  }

  /**
   * The newest jobs, newest first, without the column {@code result}. With a cursor, the list
   * starts after the cursor.
   */
  List<Job> newest(Optional<Caller> owner, @Nullable JobCursor after, int limit) {
    long createdAt = after == null ? Long.MAX_VALUE : after.createdAtMillis();
    String id = after == null ? "" : after.id();
    return reads
        .sql(
            """
            SELECT %s FROM job
            WHERE %s created_at <= :createdAt AND (created_at < :createdAt OR id < :id)
            ORDER BY created_at DESC, id DESC LIMIT :limit
            """
                .formatted(COLUMNS_OF_LIST, owner.isPresent() ? "caller = :caller AND" : ""))
        .param("caller", owner.map(Caller::id).orElse(""))
        .param("createdAt", createdAt)
        .param("id", id)
        .param("limit", limit)
        .query(JobStore::read)
        .list();
  }

  /**
   * Jobs that finished before a given time, oldest first.
   *
   * @param after returns only jobs that come after this job in the same order; null to start with
   *     the oldest job
   */
  List<Job> finishedBefore(Instant time, @Nullable Job after, int limit) {
    Instant since = after == null ? null : after.finishedAt();
    long sinceMillis = since == null ? Long.MIN_VALUE : since.toEpochMilli();
    String id = after == null ? "" : after.id();
    return reads
        .sql(
            """
            SELECT %s FROM job
            WHERE finished_at < ? AND finished_at >= ? AND (finished_at > ? OR id > ?)
            ORDER BY finished_at, id LIMIT ?
            """
                .formatted(COLUMNS))
        .params(time.toEpochMilli(), sinceMillis, sinceMillis, id, limit)
        .query(JobStore::read)
        .list();
  }

  /**
   * Deletes a finished job.
   *
   * @return false if another pod has already deleted the job
   */
  boolean delete(String id) {
    return writes
            .sql("DELETE FROM job WHERE id = ? AND final_sequence IS NOT NULL")
            .param(id)
            .update()
        == 1;
  }

  /** The subset of the given IDs that belong to existing jobs. */
  Set<String> existing(Collection<String> ids) {
    return ids.isEmpty()
        ? Set.of()
        : Set.copyOf(
            reads
                .sql("SELECT id FROM job WHERE id IN (:ids)")
                .param("ids", ids)
                .query(String.class)
                .list());
  }

  Map<JobStatus, Long> countByStatus() {
    Map<JobStatus, Long> counts = new EnumMap<>(JobStatus.class);
    reads
        .sql("SELECT status, COUNT(*) FROM job GROUP BY status")
        .query(
            row -> {
              counts.put(JobStatus.valueOf(row.getString(1)), row.getLong(2));
            });
    return counts;
  }

  int countQueued() {
    return reads
        .sql("SELECT COUNT(*) FROM job WHERE status = 'QUEUED' AND scheduled = ?")
        .param(true)
        .query(Integer.class)
        .single();
  }

  int countQueued(Caller caller) {
    return reads
        .sql("SELECT COUNT(*) FROM job WHERE status = 'QUEUED' AND scheduled = ? AND caller = ?")
        .params(true, caller.id())
        .query(Integer.class)
        .single();
  }

  /**
   * Whether a third job of these families (kinds of work) ran at the same time as the job {@code
   * finished}, or at any time after the job {@code later} started.
   */
  boolean anyBeside(Collection<String> families, Job finished, Job later) {
    return reads
            .sql(
                """
                SELECT COUNT(*) FROM (
                  SELECT 1 FROM job
                  WHERE family IN (:families) AND id NOT IN (:these) AND started_at IS NOT NULL
                    AND (finished_at IS NULL OR finished_at >= :later
                      OR started_at <= :end AND finished_at >= :start)
                  LIMIT 1) AS found
                """)
            .param("families", families)
            .param("these", List.of(finished.id(), later.id()))
            .param("later", millis(later.startedAt()))
            .param("start", millis(finished.startedAt()))
            .param("end", millis(finished.finishedAt()))
            .query(Integer.class)
            .single()
        > 0;
  }

  private static long millis(@Nullable Instant instant) {
    return instant == null ? 0 : instant.toEpochMilli();
  }

  /**
   * The callers of all unfinished jobs of a family (a kind of work). The result is a map from job
   * ID to caller ID. The caller ID is empty if an early version created the job.
   */
  Map<String, String> callersOfUnfinished(String family) {
    Map<String, String> callers = new HashMap<>();
    reads
        .sql(
            """
            SELECT id, COALESCE(caller, '') FROM job
            WHERE status IN ('QUEUED', 'RUNNING') AND family = ?
            """)
        .param(family)
        .query(
            row -> {
              callers.put(row.getString(1), row.getString(2));
            });
    return callers;
  }

  /**
   * The last committed turns of all unfinished jobs that threads of this service run, as a map from
   * job ID to turn. A turn is the place of a queued job in the order of the queue. Turns start at
   * 1; a running job has the turn 0.
   *
   * @see TakeTurns
   */
  Map<String, Integer> turns() {
    return turns(reads);
  }

  /** The same as {@link #turns}, but as the open transaction sees the jobs. */
  Map<String, Integer> turnsInTransaction() {
    return turns(writes);
  }

  private static Map<String, Integer> turns(JdbcClient jdbc) {
    Map<String, Integer> turns = new HashMap<>();
    jdbc.sql(
            """
            SELECT id, ROW_NUMBER() OVER (ORDER BY round, COALESCE(served_at, 0), created_at, id)
            FROM (
              SELECT id, created_at,
                ROW_NUMBER() OVER (PARTITION BY COALESCE(caller, '') ORDER BY created_at, id)
                  AS round,
                (SELECT MAX(served.started_at) FROM job served
                  WHERE served.caller = job.caller AND served.scheduled = :scheduled)
                  AS served_at
              FROM job WHERE status = 'QUEUED' AND scheduled = :scheduled
            ) queued
            UNION ALL
            SELECT id, 0 FROM job WHERE status = 'RUNNING' AND scheduled = :scheduled
            """)
        .param("scheduled", true)
        .query(
            row -> {
              turns.put(row.getString(1), row.getInt(2));
            });
    return turns;
  }

  /**
   * Records that a client asks to cancel a job. The job can be unknown or finished. This method
   * does not lock the job's row, so it does not wait for a chunk that is being written. But it can
   * wait for the short transaction that {@linkplain #end ends} the job. So the caller must check
   * after this call whether the job has finished.
   */
  void requestCancel(String id) {
    insertCancelRequest(id);
  }

  private boolean insertCancelRequest(String id) {
    return writes
            .sql("INSERT INTO cancel_request (job_id) VALUES (?) ON CONFLICT DO NOTHING")
            .param(id)
            .update()
        == 1;
  }

  /**
   * Begins the next attempt at an unfinished job and fences all earlier attempts.
   *
   * @param from the statuses in which an attempt may begin
   * @return false if the job has none of these statuses
   */
  boolean beginAttempt(String id, Set<JobStatus> from, Instant now) {
    return writes
            .sql(
                """
                UPDATE job SET status = 'RUNNING', attempt = attempt + 1,
                  idle_attempts = idle_attempts + 1, started_at = COALESCE(started_at, :now),
                  attempt_started_at = :now
                WHERE id = :id AND status IN (:from)
                """)
            .param("now", now.toEpochMilli())
            .param("id", id)
            .param("from", from.stream().map(JobStatus::name).toList())
            .update()
        == 1;
  }

  /**
   * Locks the row of a running job until the transaction ends, and records that the attempt makes
   * progress. Returns empty if a later attempt has taken the job over or the job has ended.
   */
  Optional<Job> advance(String id, int attempt) {
    return writes
        .sql(
            """
            UPDATE job SET idle_attempts = 0, waiting_since = NULL
            WHERE id = ? AND attempt = ? AND status = 'RUNNING'
            RETURNING %s
            """
                .formatted(COLUMNS))
        .params(id, attempt)
        .query(JobStore::read)
        .optional();
  }

  /**
   * Subtracts one from the job's number of idle attempts (attempts without a committed chunk),
   * because this attempt was asked to stop and did not crash. Earlier idle attempts still count. If
   * the number were reset, a job that crashes its process would be retried for ever on a machine
   * whose processes are often restarted.
   */
  boolean handOver(String id, int attempt) {
    return writes
            .sql(
                """
                UPDATE job SET idle_attempts =
                  CASE WHEN idle_attempts > 0 THEN idle_attempts - 1 ELSE 0 END
                WHERE id = ? AND attempt = ? AND status = 'RUNNING'
                """)
            .params(id, attempt)
            .update()
        == 1;
  }

  /**
   * Records that a running job waits for its storage. The attempt does not count as an idle
   * attempt, because the job did not cause the outage.
   *
   * @return the time at which the job started to wait; {@code now} if it was not waiting before;
   *     empty if a later attempt has taken the job over or the job has ended
   */
  Optional<Instant> waitForStorage(String id, int attempt, Instant now) {
    return writes
        .sql(
            """
            UPDATE job SET waiting_since = COALESCE(waiting_since, ?), idle_attempts =
              CASE WHEN idle_attempts > 0 THEN idle_attempts - 1 ELSE 0 END
            WHERE id = ? AND attempt = ? AND status = 'RUNNING'
            RETURNING waiting_since
            """)
        .params(now.toEpochMilli(), id, attempt)
        .query(Long.class)
        .optional()
        .map(Instant::ofEpochMilli);
  }

  /**
   * Ends a running job. No other method ends jobs. This method refuses the status {@code COMPLETED}
   * if a client has asked to cancel the job.
   *
   * <p>First inserts the job's row in the table of cancel requests. The primary key of this table
   * allows only one transaction to insert the row. So a cancel request that arrives during this
   * transaction waits for its end, and then finds a finished job. After a cancel request for a job
   * was accepted, the job cannot complete.
   *
   * <p>In a finished job, the column {@code cancel_requested} records that a client asked to cancel
   * the job. A pod of an earlier version writes this column while the job still runs.
   *
   * @return false if this method refused the end or a later attempt has taken the job over
   */
  boolean end(
      String id,
      int attempt,
      JobStatus end,
      @Nullable String error,
      @Nullable String result,
      long finalSequence,
      Instant now) {
    boolean cancelRequested = !insertCancelRequest(id);
    if (cancelRequested && end == JobStatus.COMPLETED) {
      return false;
    }
    boolean ended =
        writes
                .sql(
                    """
                    UPDATE job SET status = :end, error = :error, result = :result,
                      final_sequence = :sequence, finished_at = :now,
                      cancel_requested = (cancel_requested OR :cancelRequested)
                    WHERE id = :id AND attempt = :attempt AND status = 'RUNNING'
                      AND (:end <> 'COMPLETED' OR cancel_requested = :no)
                    """)
                .param("no", false)
                .param("end", end.name())
                .param("error", error)
                .param("result", result)
                .param("sequence", finalSequence)
                .param("now", now.toEpochMilli())
                .param("id", id)
                .param("attempt", attempt)
                .param("cancelRequested", cancelRequested)
                .update()
            == 1;
    if (ended || !cancelRequested) {
      writes.sql("DELETE FROM cancel_request WHERE job_id = ?").param(id).update();
    }
    return ended;
  }

  private static Job read(ResultSet row, int index) throws SQLException {
    return new Job(
        row.getString("id"),
        row.getString("kind"),
        row.getString("family"),
        row.getString("title"),
        JobStatus.valueOf(row.getString("status")),
        row.getInt("attempt"),
        row.getInt("idle_attempts"),
        row.getBoolean("cancel_requested") || row.getBoolean("cancel_pending"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        instant(row, "started_at"),
        instant(row, "attempt_started_at"),
        instant(row, "finished_at"),
        row.getString("error"),
        row.getString("result"),
        longOrNull(row, "final_sequence"),
        row.getString("caller"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Long millis = longOrNull(row, column);
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  private static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
