package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.job.Jobs;
import dev.waybill.product.UndoCounts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores the data that undos have in addition to the common fields of their jobs, in SQL that all
 * supported databases understand. Writes join the caller's transaction, which has locked the job.
 */
@Repository
class UndoJobs {

  private static final int PRODUCTS_A_DELETION = 10_000;

  private static final String COLUMNS =
      """
      job_id, target_id, dry_run, redo, next_chunk, start_chunk, part, reversed_count, deleted_count,
      recreated_count, kept_count, missing_count, updated_at, attempt_start_products
      """;

  private final JdbcClient writes;
  private final JdbcClient reads;

  UndoJobs(JdbcClient writes, @Qualifier("reads") JdbcClient reads) {
    this.writes = writes;
    this.reads = reads;
  }

  /**
   * @param redo whether the undo restores the values of an import that was undone
   * @param startChunk all chunks of the target with a smaller number are to be reversed
   */
  void insert(String id, String targetId, boolean dryRun, boolean redo, long startChunk) {
    writes
        .sql(
            """
            INSERT INTO undo_job (job_id, target_id, dry_run, redo, next_chunk, start_chunk, part,
              reversed_count, deleted_count, recreated_count, kept_count, missing_count,
              attempt_start_products)
            VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0)
            """)
        .params(id, targetId, dryRun, redo, startChunk, startChunk)
        .update();
  }

  /**
   * An undo in its last committed state.
   *
   * @throws dev.waybill.problem.Problem 404 if there is no undo with this ID
   */
  UndoJob of(Job job) {
    return of(reads, job);
  }

  /** An undo in the state that this transaction sees. */
  UndoJob inTransaction(Job job) {
    return of(writes, job);
  }

  private static UndoJob of(JdbcClient jdbc, Job job) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM undo_job WHERE job_id = ?")
        .param(job.id())
        .query((row, _) -> read(job, row))
        .optional()
        .orElseThrow(() -> Jobs.unknown(job.id()));
  }

  /**
   * The IDs of all undos of a job in the state that this transaction sees. The value of each ID
   * says whether the undo is a dry run.
   */
  Map<String, Boolean> ofTarget(String targetId) {
    Map<String, Boolean> undos = new HashMap<>();
    writes
        .sql("SELECT job_id, dry_run FROM undo_job WHERE target_id = ?")
        .param(targetId)
        .query(
            row -> {
              undos.put(row.getString(1), row.getBoolean(2));
            });
    return undos;
  }

  /**
   * The IDs of all undos that may read the changes of this job. These are the undos of the job. If
   * the job is itself an undo, all undos of the same target also belong to them. The reason is that
   * a later undo of a target leaves out the products that an earlier undo has reversed.
   */
  List<String> readersOf(String jobId) {
    return reads
        .sql(
            """
            SELECT job_id FROM undo_job WHERE target_id = :id
              OR target_id = (SELECT target_id FROM undo_job WHERE job_id = :id)
            """)
        .param("id", jobId)
        .query(String.class)
        .list();
  }

  /**
   * The undos of these jobs, the undos of these undos, and so on, by the ID of the undo. The value
   * is the ID of the job that is undone. Dry runs are excluded.
   */
  Map<String, String> targets(Collection<String> jobIds) {
    Map<String, String> targets = new HashMap<>();
    reads
        .sql(
            """
            WITH RECURSIVE chain (id, target) AS (
              SELECT job_id, target_id FROM undo_job
              WHERE target_id IN (:ids) AND dry_run = :dryRun
              UNION
              SELECT undo_job.job_id, undo_job.target_id
              FROM chain JOIN undo_job ON undo_job.target_id = chain.id
              WHERE undo_job.dry_run = :dryRun
            )
            SELECT id, target FROM chain
            """)
        .param("ids", jobIds)
        .param("dryRun", false)
        .query(
            row -> {
              targets.put(row.getString(1), row.getString(2));
            });
    return targets;
  }

  /** Whether the undo is a dry run. Also false if the undo does not exist. */
  boolean isDryRun(String jobId) {
    return reads
        .sql("SELECT dry_run FROM undo_job WHERE job_id = ?")
        .param(jobId)
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  List<UndoView> listed(List<Job> jobs) {
    Map<String, Job> byId = new HashMap<>();
    jobs.forEach(job -> byId.put(job.id(), job));
    List<UndoView> views = new ArrayList<>();
    reads
        .sql("SELECT " + COLUMNS + " FROM undo_job WHERE job_id IN (:ids)")
        .param("ids", byId.keySet())
        .query(
            row -> {
              Job job = Objects.requireNonNull(byId.get(row.getString("job_id")));
              views.add(UndoView.of(read(job, row)));
            });
    return views;
  }

  /** Stores the start of an attempt: its time, and the number of products that are already done. */
  void begin(String jobId, Instant now) {
    writes
        .sql(
            """
            UPDATE undo_job SET updated_at = ?,
              attempt_start_products = reversed_count + kept_count + missing_count
            WHERE job_id = ?
            """)
        .params(now.toEpochMilli(), jobId)
        .update();
  }

  /** Adds the results of a part and returns the new state. */
  UndoJob advance(Job job, long nextChunk, UndoCounts added, Instant now) {
    return writes
        .sql(
            """
            UPDATE undo_job SET next_chunk = ?, part = part + 1,
              reversed_count = reversed_count + ?, deleted_count = deleted_count + ?,
              recreated_count = recreated_count + ?, kept_count = kept_count + ?,
              missing_count = missing_count + ?, updated_at = ?
            WHERE job_id = ?
            RETURNING %s
            """
                .formatted(COLUMNS))
        .params(
            nextChunk,
            added.reversed(),
            added.deleted(),
            added.recreated(),
            added.kept(),
            added.missing(),
            now.toEpochMilli(),
            job.id())
        .query((row, _) -> read(job, row))
        .single();
  }

  /**
   * The number of products in the lists of an undo. Products that the undo has reversed are in no
   * list, because their changes are stored. A dry run also lists the products that it would
   * reverse.
   */
  long listedProducts(String jobId) {
    return reads
        .sql("SELECT COUNT(*) FROM undo_product WHERE job_id = ?")
        .param(jobId)
        .query(Long.class)
        .single();
  }

  void delete(String jobId) {
    deleteProducts(jobId);
    writes.sql("DELETE FROM undo_job WHERE job_id = ?").param(jobId).update();
  }

  /** Deletes the lists of an undo in small batches, so that imports can write between them. */
  void deleteProducts(String jobId) {
    int deleted;
    do {
      deleted =
          writes
              .sql(
                  """
                  DELETE FROM undo_product WHERE job_id = :id AND sku <= (
                    SELECT MAX(sku) FROM (
                      SELECT sku FROM undo_product WHERE job_id = :id
                      ORDER BY sku LIMIT :limit) AS batch)
                  """)
              .param("id", jobId)
              .param("limit", PRODUCTS_A_DELETION)
              .update();
    } while (deleted > 0);
  }

  /** The undo IDs that are greater than the given ID, in ascending order. */
  List<String> idsAfter(String after, int limit) {
    return Stream.of("undo_job", "undo_product")
        .flatMap(table -> idsIn(table, after, limit).stream())
        .sorted()
        .distinct()
        .limit(limit)
        .toList();
  }

  /**
   * Jumps from one ID to the next ID in the index. A query with DISTINCT would read the products of
   * all undos.
   */
  private List<String> idsIn(String table, String after, int limit) {
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

  private static UndoJob read(Job job, ResultSet row) throws SQLException {
    long updatedAt = row.getLong("updated_at");
    boolean neverUpdated = row.wasNull();
    return new UndoJob(
        job,
        row.getString("target_id"),
        row.getBoolean("dry_run"),
        row.getBoolean("redo"),
        row.getLong("next_chunk"),
        row.getLong("start_chunk"),
        row.getLong("part"),
        new UndoCounts(
            row.getLong("reversed_count"),
            row.getLong("deleted_count"),
            row.getLong("recreated_count"),
            row.getLong("kept_count"),
            row.getLong("missing_count")),
        neverUpdated ? null : Instant.ofEpochMilli(updatedAt),
        row.getLong("attempt_start_products"));
  }
}
