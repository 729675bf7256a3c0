package dev.waybill.csvimport;

import dev.waybill.product.ChangeSums;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores the jobs that write products, and gives each of these jobs a number, in SQL that all
 * supported databases understand.
 */
@Repository
class ProductWriters {

  private static final String COLUMNS = "number, job_id, touched, state, change_rows, change_bytes";

  private final JdbcClient writes;
  private final JdbcClient reads;
  private final TransactionOperations transactions;
  private final JsonMapper json;

  ProductWriters(
      JdbcClient writes,
      @Qualifier("reads") JdbcClient reads,
      TransactionOperations transactions,
      JsonMapper json) {
    this.writes = writes;
    this.reads = reads;
    this.transactions = transactions;
    this.json = json;
  }

  /**
   * Returns the writer of a job. The first attempt of the job gives the writer a new number.
   *
   * @param caller the ID of the job's caller
   * @param touched the columns that this attempt may change; they are added to the columns of
   *     earlier attempts
   */
  ProductWriter register(String jobId, @Nullable String caller, int touched) {
    return Objects.requireNonNull(
        transactions.execute(
            _ ->
                writes
                    .sql(
                        """
                        INSERT INTO product_writer (job_id, caller, touched, state)
                        VALUES (?, ?, ?, 'KEPT')
                        ON CONFLICT (job_id) DO UPDATE
                          SET touched = product_writer.touched | excluded.touched
                        RETURNING %s
                        """
                            .formatted(COLUMNS))
                    .param(jobId)
                    .param(caller)
                    .param(touched)
                    .query(ProductWriters::read)
                    .single()));
  }

  Optional<ProductWriter> find(String jobId) {
    return find(reads, jobId);
  }

  /**
   * Locks the writer of a job until the transaction ends, and returns it as this transaction sees
   * it.
   */
  Optional<ProductWriter> lock(String jobId) {
    writes
        .sql("UPDATE product_writer SET touched = touched WHERE job_id = ?")
        .param(jobId)
        .update();
    return find(writes, jobId);
  }

  private static Optional<ProductWriter> find(JdbcClient jdbc, String jobId) {
    return jdbc.sql("SELECT %s FROM product_writer WHERE job_id = ?".formatted(COLUMNS))
        .param(jobId)
        .query(ProductWriters::read)
        .optional();
  }

  /** Adds the changes of a chunk to the changes of a job, in the caller's transaction. */
  void add(ProductWriter writer, ChangeSums added) {
    add(writer, added, added.rows(), added.bytes(), null);
  }

  /**
   * Counts the changes of a chunk that are not kept. Changes of later chunks of the job are not
   * counted.
   */
  void cut(ProductWriter writer, ChangeSums notKept) {
    add(writer, notKept, 0, 0, ProductWriter.State.CUT);
  }

  /**
   * @param state the new state; null if this call does not change the state. {@link ForgetChanges}
   *     may have changed the state after the writer was read.
   */
  private void add(
      ProductWriter writer,
      ChangeSums added,
      long rows,
      long bytes,
      ProductWriter.@Nullable State state) {
    ChangeSummary summary =
        writes
            .sql("SELECT summary FROM product_writer WHERE number = ?")
            .param(writer.number())
            .query((row, _) -> ChangeSummary.stored(row.getString(1), json))
            .single()
            .plus(added, state == ProductWriter.State.CUT);
    writes
        .sql(
            """
            UPDATE product_writer SET change_rows = change_rows + ?,
              change_bytes = change_bytes + ?, summary = ?, state = COALESCE(?, state)
            WHERE number = ?
            """)
        .param(rows)
        .param(bytes)
        .param(json.writeValueAsString(summary))
        .param(state == null ? null : state.name())
        .param(writer.number())
        .update();
  }

  /**
   * The number of bytes of the changes that all jobs keep. Changes that are being deleted do not
   * count. Otherwise another pod, or this pod after a crash, would delete the changes of more jobs
   * than necessary.
   */
  long keptBytes() {
    return reads
        .sql(
            """
            SELECT COALESCE(SUM(change_bytes), 0) FROM product_writer
            WHERE change_bytes > 0 AND state <> 'EXPIRED'
            """)
        .query(Long.class)
        .single();
  }

  /**
   * Jobs with kept changes. The jobs of the caller with the most bytes come first. The jobs of one
   * caller are in the order of their first attempts.
   */
  List<ProductWriter> heaviest(int limit) {
    return reads
        .sql(
            """
            SELECT %s FROM (
              SELECT *, SUM(change_bytes) OVER (PARTITION BY caller) AS of_caller
              FROM product_writer WHERE change_bytes > 0 AND state <> 'EXPIRED') AS kept
            ORDER BY of_caller DESC, caller, number LIMIT ?
            """
                .formatted(COLUMNS))
        .param(limit)
        .query(ProductWriters::read)
        .list();
  }

  /** The job IDs for these numbers. The number of a job that was deleted has no job ID. */
  Map<Integer, String> jobIds(Collection<Integer> numbers) {
    Map<Integer, String> ids = new HashMap<>();
    if (!numbers.isEmpty()) {
      reads
          .sql("SELECT number, job_id FROM product_writer WHERE number IN (:numbers)")
          .param("numbers", numbers)
          .query(
              row -> {
                ids.put(row.getInt(1), row.getString(2));
              });
    }
    return ids;
  }

  /**
   * Finds the undos of a job, except the given undo and except dry runs. Each of these undos ended
   * without reversing all changes.
   *
   * @return for the number of each undo, whether this undo was itself undone, at least in part
   */
  Map<Integer, Boolean> ofUndos(String targetId, ProductWriter except) {
    Map<Integer, Boolean> undos = new HashMap<>();
    reads
        .sql(
            """
            SELECT number, EXISTS (
              SELECT 1 FROM undo_job AS later
              WHERE later.target_id = undo_job.job_id AND later.dry_run = undo_job.dry_run
                AND later.part > 0)
            FROM product_writer JOIN undo_job USING (job_id)
            WHERE target_id = ? AND dry_run = ? AND number <> ?
            """)
        .params(targetId, false, except.number())
        .query(
            row -> {
              undos.put(row.getInt(1), row.getBoolean(2));
            });
    return undos;
  }

  /** The number of stored changes of a job. */
  long changes(String jobId) {
    return reads
        .sql(
            """
            SELECT COUNT(*) FROM product_change
            WHERE writer = (SELECT number FROM product_writer WHERE job_id = ?)
            """)
        .param(jobId)
        .query(Long.class)
        .single();
  }

  /** The job IDs that are greater than the given ID, in ascending order. */
  List<String> idsAfter(String after, int limit) {
    return reads
        .sql("SELECT job_id FROM product_writer WHERE job_id > ? ORDER BY job_id LIMIT ?")
        .params(after, limit)
        .query(String.class)
        .list();
  }

  /**
   * The jobs that may have changes and whose number is greater than the given number, in the order
   * of their first attempts.
   */
  List<ProductWriter> keptAfter(int number, int limit) {
    return reads
        .sql(
            """
            SELECT %s FROM product_writer
            WHERE (state <> 'EXPIRED' OR change_bytes > 0) AND number > ?
            ORDER BY number LIMIT ?
            """
                .formatted(COLUMNS))
        .params(number, limit)
        .query(ProductWriters::read)
        .list();
  }

  /**
   * Deletes the changes of a job. First marks the changes as expired, so that no reader mistakes
   * the remaining changes for all changes. Does nothing if another pod has marked the changes after
   * the writer was read, because that pod deletes the changes.
   *
   * @param lists deletes the lists of products of an undo
   */
  void forgetChanges(ProductWriter writer, Consumer<String> lists) {
    int marked =
        writes
            .sql(
                """
                UPDATE product_writer SET state = 'EXPIRED'
                WHERE number = ? AND state <> 'EXPIRED'
                """)
            .param(writer.number())
            .update();
    if (marked == 0 && writer.state() != ProductWriter.State.EXPIRED) {
      return;
    }
    deleteChanges(writer);
    lists.accept(writer.jobId());
    // Removes the mark only if all changes are deleted. If two pods continue after a crash, one pod
    // finds nothing to delete while the other pod is still deleting some rows. The mark must stay
    // in case the other pod crashes, too.
    writes
        .sql(
            """
            UPDATE product_writer SET change_rows = 0, change_bytes = 0 WHERE number = :writer
              AND NOT EXISTS (SELECT 1 FROM product_change WHERE writer = :writer)
              AND NOT EXISTS (SELECT 1 FROM undo_product WHERE job_id = :job)
            """)
        .param("writer", writer.number())
        .param("job", writer.jobId())
        .update();
  }

  /** Deletes the changes of a job in small batches, then its number. */
  void delete(String jobId) {
    find(jobId).ifPresent(this::deleteChanges);
    writes.sql("DELETE FROM product_writer WHERE job_id = ?").param(jobId).update();
  }

  /** Deletes the changes of a job in small batches, so that imports can write between them. */
  private void deleteChanges(ProductWriter writer) {
    int deleted;
    do {
      deleted =
          writes
              .sql(
                  """
                  DELETE FROM product_change WHERE writer = :writer AND chunk = (
                    SELECT MIN(chunk) FROM product_change WHERE writer = :writer)
                  """)
              .param("writer", writer.number())
              .update();
    } while (deleted > 0);
  }

  private static ProductWriter read(ResultSet row, int index) throws SQLException {
    return new ProductWriter(
        row.getInt(1),
        row.getString(2),
        row.getInt(3),
        ProductWriter.State.valueOf(row.getString(4)),
        row.getLong(5),
        row.getLong(6));
  }
}
