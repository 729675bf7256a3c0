package dev.waybill.csvimport;

import dev.waybill.csv.Position;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores the journal and the rejections of imports, in SQL that all supported databases understand.
 * The journal has one row for each committed chunk. Writes join the caller's transaction.
 */
@Repository
class ImportStore {

  private static final int REJECTIONS_A_BATCH = 1000;
  private static final int REJECTIONS_A_DELETION = 10_000;

  /**
   * The maximum number of chunks that one statement deletes. The outcomes of a chunk take about 40
   * KB.
   */
  private static final int CHUNKS_A_DELETION = 500;

  private final JdbcTemplate writes;
  private final JdbcClient reads;

  ImportStore(JdbcTemplate writes, @Qualifier("reads") JdbcClient reads) {
    this.writes = writes;
    this.reads = reads;
  }

  /** The position at which the next chunk of a job starts. */
  record Checkpoint(long lastRow, Position next) {}

  /** The outcomes of one committed chunk. */
  record JournalRow(long firstRow, long lastRow, byte[] outcomes) {}

  /**
   * The sums over all chunks of a job.
   *
   * @param stored the number of rejected rows that are stored
   * @param storedBytes the approximate size of the stored rejections
   */
  record Totals(long rows, long accepted, long rejected, long stored, long storedBytes) {

    static final Totals NONE = new Totals(0, 0, 0, 0, 0);

    long notStored() {
      return rejected - stored;
    }

    private Totals plus(Counts chunk, List<Rejection> rejections) {
      return new Totals(
          rows + chunk.rows(),
          accepted + chunk.accepted(),
          rejected + chunk.rejected(),
          stored + rejections.size(),
          storedBytes + rejections.stream().mapToLong(Rejection::bytes).sum());
    }
  }

  /**
   * Writes the results of a chunk.
   *
   * @param rejections the rejections that are stored
   */
  void writeChunk(
      String jobId, Chunk chunk, Counts counts, byte[] outcomes, List<Rejection> rejections) {
    Totals totals = totals(JdbcClient.create(writes), jobId).plus(counts, rejections);
    writes.update(
        """
        INSERT INTO journal (job_id, first_row, last_row, next_offset, next_line, second_header, accepted,
          outcomes, total_rows, total_accepted, total_rejected, total_stored, total_stored_bytes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        jobId,
        chunk.firstRow(),
        chunk.lastRow(),
        chunk.next().offset(),
        chunk.next().line(),
        chunk.next().secondHeader(),
        counts.accepted(),
        outcomes,
        totals.rows(),
        totals.accepted(),
        totals.rejected(),
        totals.stored(),
        totals.storedBytes());
    writes.batchUpdate(
        """
        INSERT INTO rejection (job_id, row_number, line, errors, original, original_cut)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        rejections,
        REJECTIONS_A_BATCH,
        (insert, rejection) -> bind(insert, jobId, rejection));
  }

  private static void bind(PreparedStatement insert, String jobId, Rejection rejection)
      throws SQLException {
    insert.setString(1, jobId);
    insert.setLong(2, rejection.row());
    insert.setLong(3, rejection.line());
    insert.setString(4, rejection.errors());
    insert.setString(5, rejection.original());
    insert.setBoolean(6, rejection.originalCut());
  }

  /**
   * Deletes a job's records in small batches, so that imports can write between them. Ends when a
   * statement finds no more records. A statement that deletes less than a full batch does not show
   * the end, because another pod may be deleting the same records.
   */
  void delete(String jobId) {
    deleteAll("rejection", "row_number", REJECTIONS_A_DELETION, jobId);
    deleteAll("rejection_cause", "place", REJECTIONS_A_DELETION, jobId);
    deleteAll("journal", "first_row", CHUNKS_A_DELETION, jobId);
  }

  /**
   * Deletes a batch by one upper limit, and not by a list of the batch's keys. PostgreSQL may still
   * assume that a table that was just filled is empty. In this case PostgreSQL would choose a plan
   * that reads a list of keys again for each row.
   */
  private void deleteAll(String table, String row, int batch, String jobId) {
    String statement =
        """
        DELETE FROM %1$s WHERE job_id = ? AND %2$s <= (
          SELECT MAX(%2$s) FROM (
            SELECT %2$s FROM %1$s WHERE job_id = ? ORDER BY %2$s LIMIT ?) AS batch)
        """
            .formatted(table, row);
    int deleted;
    do {
      deleted = writes.update(statement, jobId, jobId, batch);
    } while (deleted > 0);
  }

  /**
   * Records that the products of a chunk were taken back, in the open transaction. The sums of the
   * job are stored with its last chunk.
   *
   * @param accepted the number of rows of the chunk that had been accepted
   */
  void forgetOutcomes(String jobId, long firstRow, int accepted) {
    writes.update(
        "UPDATE journal SET accepted = 0, outcomes = ? WHERE job_id = ? AND first_row = ?",
        new byte[0],
        jobId,
        firstRow);
    writes.update(
        """
        UPDATE journal SET total_accepted = total_accepted - ?
        WHERE job_id = ? AND first_row = (SELECT MAX(first_row) FROM journal WHERE job_id = ?)
        """,
        accepted,
        jobId,
        jobId);
  }

  /** Deletes the records of a job's first pass, in the open transaction. */
  void forgetFirstPass(String jobId) {
    writes.update("DELETE FROM rejection WHERE job_id = ?", jobId);
    writes.update("DELETE FROM rejection_cause WHERE job_id = ?", jobId);
    writes.update("DELETE FROM journal WHERE job_id = ?", jobId);
  }

  /**
   * The IDs of jobs that have records in this store. Returns the IDs that are greater than the
   * given ID, in ascending order.
   */
  List<String> jobsWithRecords(String after, int limit) {
    return Stream.of("journal", "rejection", "rejection_cause")
        .flatMap(table -> jobsIn(table, after, limit).stream())
        .sorted()
        .distinct()
        .limit(limit)
        .toList();
  }

  /**
   * Jumps from one ID to the next ID in the index. A query with DISTINCT would read the records of
   * all jobs.
   */
  private List<String> jobsIn(String table, String after, int limit) {
    return reads
        .sql(
            """
            WITH RECURSIVE owner (id, place) AS (
              SELECT MIN(job_id), 1 FROM %1$s WHERE job_id > :after
              UNION ALL
              SELECT (SELECT MIN(job_id) FROM %1$s WHERE job_id > owner.id), place + 1
              FROM owner WHERE owner.id IS NOT NULL AND place < :limit
            )
            SELECT id FROM owner WHERE id IS NOT NULL
            """
                .formatted(table))
        .param("after", after)
        .param("limit", limit)
        .query(String.class)
        .list();
  }

  Optional<Checkpoint> checkpoint(String jobId) {
    return reads
        .sql(
            """
            SELECT last_row, next_offset, next_line, COALESCE(second_header, 0) FROM journal
            WHERE job_id = ? ORDER BY first_row DESC LIMIT 1
            """)
        .param(jobId)
        .query(
            (row, _) ->
                new Checkpoint(
                    row.getLong(1), new Position(row.getLong(2), row.getLong(3), row.getLong(4))))
        .optional();
  }

  /** The sums over all chunks of a job that are committed so far. Each chunk stores these sums. */
  Totals totals(String jobId) {
    return totals(reads, jobId);
  }

  private static Totals totals(JdbcClient jdbc, String jobId) {
    List<Optional<Totals>> last =
        jdbc.sql(
                """
                SELECT total_rows, total_accepted, total_rejected,
                  COALESCE(total_stored, total_rejected), COALESCE(total_stored_bytes, 0)
                FROM journal
                WHERE job_id = ? ORDER BY first_row DESC LIMIT 1
                """)
            .param(jobId)
            .query(
                (row, _) ->
                    row.getObject(1) == null ? Optional.<Totals>empty() : Optional.of(totals(row)))
            .list();
    if (last.isEmpty()) {
      return Totals.NONE;
    }
    return last.getFirst().orElseGet(() -> sums(jdbc, jobId));
  }

  /**
   * Adds up the journal. The journal must be added up if an earlier version wrote the last chunk,
   * because such a chunk has no totals.
   */
  private static Totals sums(JdbcClient jdbc, String jobId) {
    return jdbc.sql(
            """
            SELECT SUM(last_row - first_row + 1), SUM(accepted),
              SUM(last_row - first_row + 1 - accepted), SUM(last_row - first_row + 1 - accepted), 0
            FROM journal WHERE job_id = ?
            """)
        .param(jobId)
        .query((row, _) -> totals(row))
        .single();
  }

  private static Totals totals(ResultSet row) throws SQLException {
    return new Totals(
        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
  }

  /** Counts the stored rejections of a job, up to a limit. */
  long storedRejections(String jobId, long limit) {
    return reads
        .sql(
            """
            SELECT COUNT(*) FROM (SELECT 1 FROM rejection WHERE job_id = ? LIMIT ?) AS stored
            """)
        .params(jobId, limit)
        .query(Long.class)
        .single();
  }

  /** The journal row of the first chunk that has a row after the given row. */
  Optional<JournalRow> journalAfter(String jobId, long row) {
    return reads
        .sql(
            """
            SELECT first_row, last_row, outcomes FROM journal
            WHERE job_id = :id AND last_row > :row AND first_row >= COALESCE(
              (SELECT MAX(first_row) FROM journal WHERE job_id = :id AND first_row <= :row), 0)
            ORDER BY first_row LIMIT 1
            """)
        .param("id", jobId)
        .param("row", row)
        .query((found, _) -> new JournalRow(found.getLong(1), found.getLong(2), found.getBytes(3)))
        .optional();
  }

  /** The journal row of the last chunk that starts before the given row. */
  Optional<JournalRow> journalBefore(String jobId, long row) {
    return reads
        .sql(
            """
            SELECT first_row, last_row, outcomes FROM journal
            WHERE job_id = ? AND first_row < ? ORDER BY first_row DESC LIMIT 1
            """)
        .params(jobId, row)
        .query((found, _) -> new JournalRow(found.getLong(1), found.getLong(2), found.getBytes(3)))
        .optional();
  }

  /**
   * The rejections after a row, in the order of the file, until their number or bytes reach a
   * limit. With a filter, this method reads the stored rejections of the job until it has found
   * enough. A job has at most {@code max-rejections} stored rejections.
   */
  List<Rejection> rejectionsAfter(
      String jobId, RejectionFilter.Wanted wanted, long row, int limit, long bytes) {
    List<String> parts = wanted.parts();
    if (parts == null) {
      return rejectionsAfter(jobId, "", List.of(), row, limit, bytes);
    }
    if (parts.isEmpty()) {
      return List.of();
    }
    String condition =
        IntStream.range(0, parts.size())
            .mapToObj(i -> "replace(errors, :part%d, '') <> errors".formatted(i))
            .collect(Collectors.joining(" OR ", "AND (", ")"));
    return rejectionsAfter(jobId, condition, parts, row, limit, bytes);
  }

  private List<Rejection> rejectionsAfter(
      String jobId, String condition, List<String> parts, long row, int limit, long bytes) {
    JdbcClient.StatementSpec select =
        reads.sql(
            """
            SELECT row_number, line, errors, original, original_cut FROM rejection
            WHERE job_id = :id AND row_number > :row %1$s AND row_number <= (
              SELECT MAX(row_number) FROM (
                SELECT row_number, COALESCE(SUM(bytes) OVER (
                  ORDER BY row_number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
                FROM (
                  SELECT row_number, octet_length(errors) + octet_length(original) AS bytes
                  FROM rejection WHERE job_id = :id AND row_number > :row %1$s
                  ORDER BY row_number LIMIT :limit) AS sized) AS added
              WHERE before < :bytes)
            ORDER BY row_number
            """
                .formatted(condition));
    for (int i = 0; i < parts.size(); i++) {
      select = select.param("part" + i, parts.get(i));
    }
    return select
        .param("id", jobId)
        .param("row", row)
        .param("limit", limit)
        .param("bytes", bytes)
        .query(ImportStore::rejection)
        .list();
  }

  private static Rejection rejection(ResultSet row, int index) throws SQLException {
    return new Rejection(
        row.getLong(1), row.getLong(2), row.getString(3), row.getString(4), row.getBoolean(5));
  }
}
