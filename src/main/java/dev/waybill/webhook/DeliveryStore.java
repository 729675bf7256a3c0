package dev.waybill.webhook;

import dev.waybill.webhook.Delivery.Attempt;
import dev.waybill.webhook.Delivery.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores deliveries and their attempts. The SQL works on all supported databases. */
@Repository
class DeliveryStore {

  /** The maximum number of attempts that are kept for one job. The oldest attempts are deleted. */
  static final int MOST_ATTEMPTS = 100;

  private final JdbcClient writes;
  private final JdbcClient reads;

  DeliveryStore(JdbcClient writes, @Qualifier("reads") JdbcClient reads) {
    this.writes = writes;
    this.reads = reads;
  }

  void insert(String jobId, String messageId, String url, @Nullable String caller) {
    writes
        .sql(
            """
            INSERT INTO webhook (job_id, message_id, url, caller, state, tries, attempts, asked_at)
            VALUES (:id, :message, :url, :caller, 'WAITING', 0, 0, 0)
            """)
        .param("id", jobId)
        .param("message", messageId)
        .param("url", url)
        .param("caller", caller)
        .update();
  }

  Optional<Delivery> find(String jobId) {
    return reads
        .sql(
            """
            SELECT job_id, message_id, url, caller, state, tries, attempts, body, next_at,
              asked_at
            FROM webhook WHERE job_id = ?
            """)
        .param(jobId)
        .query((row, _) -> read(row))
        .optional();
  }

  /** Records that the job has ended. Returns false if the job has no delivery. */
  boolean begin(String jobId, Instant now) {
    return writes
            .sql(
                """
                UPDATE webhook SET state = 'PENDING', next_at = ?
                WHERE job_id = ? AND state = 'WAITING'
                """)
            .params(now.toEpochMilli(), jobId)
            .update()
        == 1;
  }

  /**
   * Queues the delivery again. Returns false if a caller has already requested another delivery
   * after {@code noneSince}.
   */
  boolean beginAgain(String jobId, Instant now, Instant noneSince) {
    return writes
            .sql(
                """
                UPDATE webhook SET state = 'PENDING', tries = 0, next_at = :now, asked_at = :now
                WHERE job_id = :id AND state <> 'WAITING'
                  AND (asked_at <= :since OR asked_at > :now)
                """)
            .param("now", now.toEpochMilli())
            .param("id", jobId)
            .param("since", noneSince.toEpochMilli())
            .update()
        == 1;
  }

  void keepBody(String jobId, String body) {
    writes.sql("UPDATE webhook SET body = ? WHERE job_id = ?").params(body, jobId).update();
  }

  /**
   * Stores an attempt and the new state of its delivery, in the open transaction.
   *
   * @return false if the new state was not stored, because a caller has requested another delivery
   *     during the attempt. In this case the next attempt is due now
   */
  boolean record(
      Delivery before, Attempt attempt, State state, int tries, @Nullable Instant nextAt) {
    int updated =
        writes
            .sql(
                """
                UPDATE webhook SET state = :state, tries = :tries, next_at = :next
                WHERE job_id = :id AND asked_at = :asked
                """)
            .param("state", state.name())
            .param("tries", tries)
            .param("next", nextAt == null ? null : nextAt.toEpochMilli())
            .param("id", before.jobId())
            .param("asked", before.askedAt().toEpochMilli())
            .update();
    boolean exists =
        writes
                .sql("UPDATE webhook SET attempts = ? WHERE job_id = ?")
                .params(attempt.number(), before.jobId())
                .update()
            == 1;
    if (!exists) {
      return true; // the job was deleted
    }
    // Does nothing if an attempt with the same number is already stored. If a pod was frozen, two
    // pods can make an attempt with the same number.
    writes
        .sql(
            """
            INSERT INTO webhook_attempt (job_id, number, started_at, duration, status, error)
            VALUES (:id, :number, :time, :duration, :status, :error) ON CONFLICT DO NOTHING
            """)
        .param("id", before.jobId())
        .param("number", attempt.number())
        .param("time", attempt.time().toEpochMilli())
        .param("duration", attempt.duration())
        .param("status", attempt.status())
        .param("error", attempt.error())
        .update();
    writes
        .sql("DELETE FROM webhook_attempt WHERE job_id = ? AND number <= ?")
        .params(before.jobId(), attempt.number() - MOST_ATTEMPTS)
        .update();
    return updated == 1;
  }

  /** The newest attempts whose number is lower than {@code before}, newest first. */
  List<Attempt> attempts(String jobId, int before, int limit) {
    return reads
        .sql(
            """
            SELECT number, started_at, duration, status, error FROM webhook_attempt
            WHERE job_id = ? AND number < ? ORDER BY number DESC LIMIT ?
            """)
        .params(jobId, before, limit)
        .query(
            (row, _) -> {
              int answered = row.getInt("status");
              Integer status = row.wasNull() ? null : answered;
              return new Attempt(
                  row.getInt("number"),
                  Instant.ofEpochMilli(row.getLong("started_at")),
                  row.getLong("duration"),
                  status,
                  row.getString("error"));
            })
        .list();
  }

  void delete(String jobId) {
    writes.sql("DELETE FROM webhook_attempt WHERE job_id = ?").param(jobId).update();
    writes.sql("DELETE FROM webhook WHERE job_id = ?").param(jobId).update();
  }

  List<String> idsAfter(String after, int limit) {
    return reads
        .sql("SELECT job_id FROM webhook WHERE job_id > ? ORDER BY job_id LIMIT ?")
        .params(after, limit)
        .query(String.class)
        .list();
  }

  private static Delivery read(ResultSet row) throws SQLException {
    long nextAt = row.getLong("next_at");
    Instant next = row.wasNull() ? null : Instant.ofEpochMilli(nextAt);
    return new Delivery(
        row.getString("job_id"),
        row.getString("message_id"),
        row.getString("url"),
        row.getString("caller"),
        State.valueOf(row.getString("state")),
        row.getInt("tries"),
        row.getInt("attempts"),
        row.getString("body"),
        next,
        Instant.ofEpochMilli(row.getLong("asked_at")));
  }
}
