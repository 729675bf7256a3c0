package dev.waybill.worker;

import dev.waybill.access.Caller;
import dev.waybill.platform.DatabaseClock;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores the additional values of external jobs. The SQL works on all supported databases. Changes
 * that result from reports are part of the caller's transaction, which has locked the job.
 */
@Repository
class ExternalStore {

  /**
   * The maximum size, in bytes, of the last piece of the output after an append. If the last piece
   * would become larger, the appended output becomes a new piece. Each append rewrites the last
   * piece, so larger pieces would cost more.
   */
  private static final int PIECE_BYTES = 8 * 1024;

  private static final int PIECES_A_DELETION = 500;

  private static final String COLUMNS =
      """
      job_id, unit, silence, attempt, report_sequence, event_sequence, own_events, done, total,
      percent, message, output_bytes, output_piece, output_piece_bytes, body
      """;

  private final JdbcClient writes;
  private final JdbcClient reads;
  private final String now;

  ExternalStore(JdbcClient writes, @Qualifier("reads") JdbcClient reads, DatabaseClock clock) {
    this.writes = writes;
    this.reads = reads;
    this.now = clock.millis();
  }

  void insert(String jobId, NewExternalJob created, Caller caller) {
    writes
        .sql(
            """
            INSERT INTO external_job (job_id, caller, payload, unit, silence, cancel_unwatched,
              watched_until, attempt, report_sequence, event_sequence, own_events, done, total, percent,
              output_bytes, output_piece, output_piece_bytes, expires_at)
            VALUES (:id, :caller, :payload, :unit, :silence, :cancel,
              %s + :patience, 0, 0, 0, 0, 0, :total,
              :percent, 0, 0, 0, %s + :silence)
            """
                .formatted(now, now))
        .param("patience", CancelUnwatched.PATIENCE.toMillis())
        .param("id", jobId)
        .param("caller", caller.id())
        .param("payload", created.payload())
        .param("unit", created.unit())
        .param("silence", created.silence().toMillis())
        .param("cancel", created.cancelUnwatched())
        .param("total", created.total())
        .param("percent", created.total() == null ? null : 0.0)
        .update();
  }

  /** The number of unfinished external jobs. */
  int open() {
    return writes
        .sql("SELECT COUNT(*) FROM external_job WHERE expires_at IS NOT NULL")
        .query(Integer.class)
        .single();
  }

  int open(Caller caller) {
    return writes
        .sql("SELECT COUNT(*) FROM external_job WHERE expires_at IS NOT NULL AND caller = ?")
        .param(caller.id())
        .query(Integer.class)
        .single();
  }

  /** Whether there is an unfinished external job. */
  boolean hasOpen() {
    return !reads
        .sql("SELECT 1 FROM external_job WHERE expires_at IS NOT NULL LIMIT 1")
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  Optional<ExternalJob> find(String jobId) {
    return find(reads, jobId);
  }

  Optional<ExternalJob> findInTransaction(String jobId) {
    return find(writes, jobId);
  }

  private static Optional<ExternalJob> find(JdbcClient jdbc, String jobId) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM external_job WHERE job_id = ?")
        .param(jobId)
        .query((row, _) -> read(row))
        .optional();
  }

  Map<String, ExternalJob> find(Collection<String> jobIds) {
    Map<String, ExternalJob> found = new HashMap<>();
    reads
        .sql("SELECT " + COLUMNS + " FROM external_job WHERE job_id IN (:ids)")
        .param("ids", jobIds)
        .query(
            row -> {
              found.put(row.getString("job_id"), read(row));
            });
    return found;
  }

  /** A job together with its whole output. */
  record WithOutput(ExternalJob job, String output) {}

  /**
   * Reads a job and its output with a single statement. So the output and the number of the job's
   * last event belong to the same moment.
   */
  Optional<WithOutput> withOutput(String jobId) {
    StringBuilder output = new StringBuilder();
    ExternalJob[] job = new ExternalJob[1];
    reads
        .sql(
            """
            SELECT %s, pieces.text AS output
            FROM external_job LEFT JOIN (
              SELECT job_id AS output_of, piece, text FROM external_output WHERE job_id = :id) pieces
              ON pieces.output_of = external_job.job_id
            WHERE job_id = :id ORDER BY pieces.piece
            """
                .formatted(COLUMNS))
        .param("id", jobId)
        .query(
            row -> {
              if (job[0] == null) {
                job[0] = read(row);
              }
              String piece = row.getString("output");
              output.append(piece == null ? "" : piece);
            });
    return Optional.ofNullable(job[0]).map(found -> new WithOutput(found, output.toString()));
  }

  @Nullable String payload(String jobId) {
    return reads
        .sql("SELECT payload FROM external_job WHERE job_id = ?")
        .param(jobId)
        .query((row, _) -> Optional.ofNullable(row.getString(1)))
        .optional()
        .flatMap(payload -> payload)
        .orElse(null);
  }

  /**
   * Stores the changes that result from a group of reports. Restarts the time for which the worker
   * may be silent.
   */
  void update(ExternalJob job, boolean ended) {
    writes
        .sql(
            """
            UPDATE external_job SET attempt = :attempt, report_sequence = :report,
              event_sequence = :event, own_events = :own, done = :done, total = :total,
              percent = :percent, message = :message, output_bytes = :bytes, output_piece = :piece,
              output_piece_bytes = :pieceBytes, body = :body, expires_at = %s
            WHERE job_id = :id
            """
                .formatted(ended ? "NULL" : now + " + silence"))
        .param("attempt", job.attempt())
        .param("report", job.reportSequence())
        .param("event", job.eventSequence())
        .param("own", job.ownEvents())
        .param("done", job.done())
        .param("total", job.total())
        .param("percent", job.percent())
        .param("message", job.message())
        .param("bytes", job.outputBytes())
        .param("piece", job.piece())
        .param("pieceBytes", job.pieceBytes())
        .param("body", job.body())
        .param("id", job.jobId())
        .update();
  }

  /**
   * Records that Waybill calls the worker of a job. Until the worker has accepted the call, silence
   * does not end the job.
   */
  void callWorker(String jobId) {
    writes.sql("UPDATE external_job SET calling = TRUE WHERE job_id = ?").param(jobId).update();
  }

  /**
   * Starts the attempt that belongs to a call to the worker. The first event of the attempt is the
   * snapshot.
   *
   * @param fromStart whether the output and the counters of earlier attempts are dropped
   */
  void beginAttempt(String jobId, int attempt, boolean fromStart) {
    writes
        .sql(
            """
            UPDATE external_job SET attempt = ?, report_sequence = 0, event_sequence = 1,
              body = NULL, calling = TRUE, expires_at = %s + silence WHERE job_id = ?
            """
                .formatted(now))
        .params(attempt, jobId)
        .update();
    if (fromStart) {
      deleteOutput(jobId);
      writes
          .sql(
              """
              UPDATE external_job SET done = 0, message = NULL, output_bytes = 0, output_piece = 0,
                output_piece_bytes = 0, percent = CASE WHEN total IS NULL THEN NULL ELSE 0 END
              WHERE job_id = ?
              """)
          .param(jobId)
          .update();
    }
  }

  /**
   * Records that a worker has accepted a call. The time for which the worker may be silent starts
   * now.
   */
  void startSilence(String jobId) {
    writes
        .sql(
            """
            UPDATE external_job SET calling = FALSE, expires_at = %s + silence
            WHERE job_id = ? AND expires_at IS NOT NULL
            """
                .formatted(now))
        .param(jobId)
        .update();
  }

  /** Appends text to the output. Returns the job with its new last piece. */
  ExternalJob append(ExternalJob job, String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    boolean fits = job.piece() > 0 && job.pieceBytes() + bytes <= PIECE_BYTES;
    if (fits) {
      writes
          .sql("UPDATE external_output SET text = text || ? WHERE job_id = ? AND piece = ?")
          .params(text, job.jobId(), job.piece())
          .update();
    } else {
      writes
          .sql("INSERT INTO external_output (job_id, piece, text) VALUES (?, ?, ?)")
          .params(job.jobId(), job.piece() + 1, text)
          .update();
    }
    return fits
        ? job.withPiece(job.piece(), job.pieceBytes() + bytes)
        : job.withPiece(job.piece() + 1, bytes);
  }

  /** Makes a request the only request that may report to the job. */
  void openBody(String jobId, String body) {
    writes.sql("UPDATE external_job SET body = ? WHERE job_id = ?").params(body, jobId).update();
  }

  /**
   * Returns, for each given job, the ID of the request that may report; empty if no request may
   * report. Leaves out jobs that have ended or were cancelled.
   */
  Map<String, Optional<String>> bodies(Collection<String> jobIds) {
    Map<String, Optional<String>> bodies = new HashMap<>();
    reads
        .sql(
            """
            SELECT job_id, body FROM external_job
            WHERE job_id IN (:ids) AND expires_at IS NOT NULL AND cancel_by IS NULL
            """)
        .param("ids", jobIds)
        .query(
            row -> {
              bodies.put(row.getString(1), Optional.ofNullable(row.getString(2)));
            });
    return bodies;
  }

  /**
   * Stores the deadline by which the worker must end the job after a cancel. Further requests to
   * cancel do not change the deadline.
   */
  void cancelBy(String jobId, long millis) {
    writes
        .sql(
            "UPDATE external_job SET cancel_by = COALESCE(cancel_by, %s + ?) WHERE job_id = ?"
                .formatted(now))
        .params(millis, jobId)
        .update();
  }

  /** Records that the job has ended, so that the silence of its worker no longer counts. */
  void close(String jobId) {
    writes
        .sql(
            "UPDATE external_job SET expires_at = NULL WHERE job_id = ? AND expires_at IS NOT NULL")
        .param(jobId)
        .update();
  }

  /**
   * The unfinished jobs whose worker has been silent for too long, or has not ended the job in time
   * after a cancel.
   */
  List<String> due(int limit) {
    return reads
        .sql(
            """
            SELECT job_id FROM external_job WHERE expires_at IS NOT NULL
              AND (cancel_by IS NULL AND NOT calling AND expires_at <= %1$s OR cancel_by <= %1$s)
            ORDER BY expires_at LIMIT ?
            """
                .formatted(now))
        .param(limit)
        .query(String.class)
        .list();
  }

  /**
   * Whether a job must be ended, because its worker has been silent for too long or has not ended
   * the job in time after a cancel. Reads in the open transaction.
   */
  boolean isDue(String jobId) {
    return writes
            .sql(
                """
                SELECT COUNT(*) FROM external_job WHERE job_id = ? AND expires_at IS NOT NULL
                  AND (cancel_by IS NULL AND NOT calling AND expires_at <= %1$s OR cancel_by <= %1$s)
                """
                    .formatted(now))
            .param(jobId)
            .query(Integer.class)
            .single()
        > 0;
  }

  /**
   * Records that this pod can currently accept reports. If no pod could accept reports for longer
   * than {@code longestPause}, every job gets its full permitted silence again.
   *
   * @return the time for which no pod could accept reports, in milliseconds, if it was longer than
   *     {@code longestPause}; otherwise 0
   */
  long heartbeat(long longestPause) {
    // Locks the row before the read. So after an outage, only one of several pods extends the
    // permitted silence.
    writes.sql("UPDATE external_heartbeat SET alive_at = alive_at").update();
    long pause =
        writes
            .sql("SELECT %s - alive_at FROM external_heartbeat".formatted(now))
            .query(Long.class)
            .single();
    writes.sql("UPDATE external_heartbeat SET alive_at = %s".formatted(now)).update();
    if (pause <= longestPause) {
      return 0;
    }
    writes
        .sql(
            """
            UPDATE external_job SET expires_at = %s + silence, watched_until = %s + ?
            WHERE expires_at IS NOT NULL
            """
                .formatted(now, now))
        .param(CancelUnwatched.PATIENCE.toMillis())
        .update();
    return pause;
  }

  /** The unfinished jobs that must be cancelled if they have no watchers for some time. */
  List<String> cancelledUnwatched() {
    return reads
        .sql(
            """
            SELECT job_id FROM external_job
            WHERE expires_at IS NOT NULL AND cancel_by IS NULL AND cancel_unwatched = ?
            """)
        .param(true)
        .query(String.class)
        .list();
  }

  /**
   * Records that a job is watched. The record is valid for {@code millis} milliseconds. Writes at
   * most every 5 s.
   */
  void watched(String jobId, long millis) {
    writes
        .sql(
            """
            UPDATE external_job SET watched_until = %s + ?
            WHERE job_id = ? AND watched_until < %s + ?
            """
                .formatted(now, now))
        .params(millis, jobId, millis - 5_000)
        .update();
  }

  /**
   * The unfinished jobs that must be cancelled now, because they have had no watchers for too long.
   */
  List<String> unwatched() {
    return reads
        .sql(
            """
            SELECT job_id FROM external_job
            WHERE expires_at IS NOT NULL AND cancel_by IS NULL AND cancel_unwatched = ?
              AND watched_until <= %s
            """
                .formatted(now))
        .param(true)
        .query(String.class)
        .list();
  }

  void delete(String jobId) {
    deleteOutput(jobId);
    writes.sql("DELETE FROM external_job WHERE job_id = ?").param(jobId).update();
  }

  private void deleteOutput(String jobId) {
    int deleted;
    do {
      deleted =
          writes
              .sql(
                  """
                  DELETE FROM external_output WHERE job_id = ? AND piece <= (
                    SELECT MAX(piece) FROM (
                      SELECT piece FROM external_output WHERE job_id = ?
                      ORDER BY piece LIMIT ?) AS batch)
                  """)
              .params(jobId, jobId, PIECES_A_DELETION)
              .update();
    } while (deleted > 0);
  }

  List<String> idsAfter(String after, int limit) {
    return reads
        .sql("SELECT job_id FROM external_job WHERE job_id > ? ORDER BY job_id LIMIT ?")
        .params(after, limit)
        .query(String.class)
        .list();
  }

  private static ExternalJob read(ResultSet row) throws SQLException {
    long total = row.getLong("total");
    Long totalOrNull = row.wasNull() ? null : total;
    double percent = row.getDouble("percent");
    Double percentOrNull = row.wasNull() ? null : percent;
    return new ExternalJob(
        row.getString("job_id"),
        row.getString("unit"),
        row.getLong("silence"),
        row.getInt("attempt"),
        row.getLong("report_sequence"),
        row.getLong("event_sequence"),
        row.getInt("own_events"),
        row.getLong("done"),
        totalOrNull,
        percentOrNull,
        row.getString("message"),
        row.getInt("output_bytes"),
        row.getInt("output_piece"),
        row.getInt("output_piece_bytes"),
        row.getString("body"));
  }
}
