package dev.waybill.csvimport;

import dev.waybill.csv.Position;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The journal and the rejections of imports, in SQL that all our databases understand. Writing
 * joins the caller's transaction.
 */
@Repository
class ImportStore {

  private static final int REJECTIONS_A_BATCH = 1000;
  private static final int DELETIONS_A_BATCH = 10_000;

  private final JdbcTemplate writes;
  private final JdbcClient reads;

  ImportStore(JdbcTemplate writes, @Qualifier("reads") JdbcClient reads) {
    this.writes = writes;
    this.reads = reads;
  }

  /** Where the next chunk of a job begins. */
  record Checkpoint(long lastRow, Position next) {}

  /** The outcomes of one committed chunk. */
  record JournalRow(long firstRow, long lastRow, byte[] outcomes) {}

  /** What the journal and the rejections of a job add up to. */
  record Sums(long rows, long accepted, long rejected) {}

  void writeChunk(String jobId, Chunk chunk, byte[] outcomes) {
    writes.update(
        """
        INSERT INTO journal (job_id, first_row, last_row, next_offset, next_line, accepted, outcomes)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        jobId,
        chunk.firstRow(),
        chunk.lastRow(),
        chunk.next().offset(),
        chunk.next().line(),
        chunk.accepted().size(),
        outcomes);
    writes.batchUpdate(
        """
        INSERT INTO rejection (job_id, row_number, line, errors, original, original_cut)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        chunk.rejections(),
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

  /** Deletes a job's records bit by bit, so that imports get their turns in between. */
  void delete(String jobId) {
    int deleted;
    do {
      deleted =
          writes.update(
              """
              DELETE FROM rejection WHERE job_id = ? AND row_number IN (
                SELECT row_number FROM rejection WHERE job_id = ? LIMIT ?)
              """,
              jobId,
              jobId,
              DELETIONS_A_BATCH);
    } while (deleted == DELETIONS_A_BATCH);
    writes.update("DELETE FROM journal WHERE job_id = ?", jobId);
  }

  Optional<Checkpoint> checkpoint(String jobId) {
    return reads
        .sql(
            """
            SELECT last_row, next_offset, next_line FROM journal
            WHERE job_id = ? ORDER BY first_row DESC LIMIT 1
            """)
        .param(jobId)
        .query(
            (row, _) ->
                new Checkpoint(row.getLong(1), new Position(row.getLong(2), row.getLong(3))))
        .optional();
  }

  Sums sums(String jobId) {
    return reads
        .sql(
            """
            SELECT COALESCE(SUM(last_row - first_row + 1), 0), COALESCE(SUM(accepted), 0),
              (SELECT COUNT(*) FROM rejection WHERE job_id = :id)
            FROM journal WHERE job_id = :id
            """)
        .param("id", jobId)
        .query((row, _) -> new Sums(row.getLong(1), row.getLong(2), row.getLong(3)))
        .single();
  }

  /** The first journal row with a row after the given one. */
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

  /** The rejections after a row, in the order of the file. */
  List<Rejection> rejectionsAfter(String jobId, long row, int limit) {
    return reads
        .sql(
            """
            SELECT row_number, line, errors, original, original_cut FROM rejection
            WHERE job_id = ? AND row_number > ? ORDER BY row_number LIMIT ?
            """)
        .params(jobId, row, limit)
        .query(ImportStore::rejection)
        .list();
  }

  private static Rejection rejection(ResultSet row, int index) throws SQLException {
    return new Rejection(
        row.getLong(1), row.getLong(2), row.getString(3), row.getString(4), row.getBoolean(5));
  }
}
