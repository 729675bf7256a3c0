package dev.waybill.csvimport;

import dev.waybill.csv.Notice;
import dev.waybill.csv.Notices;
import dev.waybill.csv.Shape;
import dev.waybill.job.Job;
import dev.waybill.job.Jobs;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores the data that imports have in addition to the common fields of their jobs, in SQL that all
 * supported databases understand. Writes join the caller's transaction, which has locked the job.
 */
@Repository
class ImportJobs {

  private static final TypeReference<LinkedHashMap<String, @Nullable String>> MAPPING =
      new TypeReference<>() {};

  private static final TypeReference<List<Cause>> CAUSES = new TypeReference<>() {};

  private static final TypeReference<List<Notice>> NOTICES = new TypeReference<>() {};

  /** The maximum number of repairs of one import for which the accepted rows are added up. */
  private static final int MOST_REPAIRS = 1000;

  private static final String COLUMNS =
      """
      job_id, file_name, dry_run, charset, delimiter, shape, mapping, bytes_total, stored_bytes, bytes_read, row_count,
      created_count, updated_count, unchanged_count, rejected_count, merged_count, skipped_count,
      updated_at, attempt_start_rows, attempt_start_bytes, reading, causes, policy, checking, dry_run_job, parent_job,
      (SELECT SUM(CASE WHEN NOT repair.dry_run THEN repair.accepted END) FROM (
        SELECT child.dry_run, child.created_count + child.updated_count + child.unchanged_count
          + child.merged_count AS accepted
        FROM import_job child WHERE child.parent_job = import_job.job_id LIMIT %d) AS repair) AS repaired,
      (SELECT summary FROM product_writer WHERE product_writer.job_id = import_job.job_id) AS summary, notices
      """
          .formatted(MOST_REPAIRS);

  /**
   * The SELECT list for a list of jobs. This list leaves out mapping, causes and notices, because
   * they can be large.
   */
  private static final String COLUMNS_OF_LIST =
      COLUMNS
          .replace(" mapping,", " '{}' AS mapping,")
          .replace(" causes,", " NULL AS causes,")
          .replace(" notices", " NULL AS notices");

  private final JdbcClient writes;
  private final JdbcClient reads;
  private final JsonMapper json;

  ImportJobs(JdbcClient writes, @Qualifier("reads") JdbcClient reads, JsonMapper json) {
    this.writes = writes;
    this.reads = reads;
    this.json = json;
  }

  /**
   * @param sameFile a text that is equal for two uploads of the same file by the same caller
   */
  void insert(NewImport created, String sameFile) {
    writes
        .sql(
            """
            INSERT INTO import_job (job_id, file_name, dry_run, charset, delimiter, shape, mapping,
              bytes_total, stored_bytes, bytes_read, row_count, created_count, updated_count, unchanged_count,
              rejected_count, attempt_start_rows, attempt_start_bytes, reading, notices,
              policy, checking, first_notices, same_file, parent_job)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            created.id(),
            created.fileName(),
            created.dryRun(),
            created.charset(),
            created.delimiter(),
            created.shape().stored(),
            json.writeValueAsString(created.plan().columns()),
            created.bytesTotal(),
            created.storedBytes(),
            json.writeValueAsString(created.plan().stored()),
            json.writeValueAsString(created.plan().notices()),
            json.writeValueAsString(created.policy()),
            created.policy().checksFirst() && !created.dryRun(),
            json.writeValueAsString(created.plan().notices()),
            sameFile)
        .param(created.parentJob())
        .update();
    for (String name : created.plan().mapping().attributesNamedAsFields()) {
      writes
          .sql("INSERT INTO attribute_named_as_field (name) VALUES (?) ON CONFLICT DO NOTHING")
          .param(name)
          .update();
    }
  }

  /** The last import of the same file, except dry runs and the job {@code otherThan}. */
  Optional<String> importOf(String sameFile, String otherThan) {
    return writes
        .sql(
            """
            SELECT job_id FROM import_job WHERE same_file = ? AND NOT dry_run AND job_id <> ?
            ORDER BY updated_at IS NULL, updated_at DESC LIMIT 1
            """)
        .params(sameFile, otherThan)
        .query(String.class)
        .optional();
  }

  /**
   * An import in its last committed state.
   *
   * @throws dev.waybill.problem.Problem 404 if there is no import with this ID
   */
  ImportJob of(Job job) {
    return of(reads, job);
  }

  /** An import in the state that this transaction sees. */
  ImportJob inTransaction(Job job) {
    return of(writes, job);
  }

  private ImportJob of(JdbcClient jdbc, Job job) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM import_job WHERE job_id = ?")
        .param(job.id())
        .query((row, _) -> read(job, row))
        .optional()
        .orElseThrow(() -> Jobs.unknown(job.id()));
  }

  /**
   * The imports of these jobs in their last committed state, without mapping, causes and notices.
   */
  List<ImportView> listed(List<Job> jobs) {
    Map<String, Job> byId = new HashMap<>();
    jobs.forEach(job -> byId.put(job.id(), job));
    List<ImportView> views = new ArrayList<>();
    reads
        .sql("SELECT " + COLUMNS_OF_LIST + " FROM import_job WHERE job_id IN (:ids)")
        .param("ids", byId.keySet())
        .query(
            row -> {
              Job job = Objects.requireNonNull(byId.get(row.getString("job_id")));
              views.add(ImportView.of(read(job, row)).listed());
            });
    return views;
  }

  /** The size of the stored file of each import. */
  Map<String, Long> storedBytes(Collection<String> ids) {
    Map<String, Long> bytes = new HashMap<>();
    if (!ids.isEmpty()) {
      reads
          .sql(
              "SELECT job_id, COALESCE(stored_bytes, bytes_total) FROM import_job WHERE job_id IN"
                  + " (:ids)")
          .param("ids", ids)
          .query(
              row -> {
                bytes.put(row.getString(1), row.getLong(2));
              });
    }
    return bytes;
  }

  /**
   * Stores the start of an attempt: its time, and the numbers of rows and bytes that are already
   * done.
   */
  void begin(String jobId, Instant now) {
    writes
        .sql(
            """
            UPDATE import_job SET updated_at = ?, attempt_start_rows = row_count,
              attempt_start_bytes = bytes_read
            WHERE job_id = ?
            """)
        .params(now.toEpochMilli(), jobId)
        .update();
  }

  /** Stores the most frequent causes of rejections. */
  void writeCauses(String jobId, List<Cause> causes) {
    writes
        .sql("UPDATE import_job SET causes = ? WHERE job_id = ?")
        .params(json.writeValueAsString(causes), jobId)
        .update();
  }

  /** Adds the results of a chunk and returns the new state. */
  ImportJob advance(Job job, Counts added, List<Notice> notices, long bytesRead, Instant now) {
    if (!notices.isEmpty()) {
      addNotices(job.id(), notices);
    }
    if (!added.addUp()) {
      throw new IllegalStateException(
          "chunk of job %s does not add up: %s".formatted(job.id(), added));
    }
    return writes
        .sql(
            """
            UPDATE import_job SET bytes_read = ?, row_count = row_count + ?,
              created_count = created_count + ?, updated_count = updated_count + ?,
              unchanged_count = unchanged_count + ?, rejected_count = rejected_count + ?,
              merged_count = merged_count + ?, skipped_count = skipped_count + ?,
              updated_at = ?
            WHERE job_id = ?
            RETURNING %s
            """
                .formatted(COLUMNS))
        .params(
            bytesRead,
            added.rows(),
            added.created(),
            added.updated(),
            added.unchanged(),
            added.rejected(),
            added.merged(),
            added.skipped(),
            now.toEpochMilli(),
            job.id())
        .query((row, _) -> read(job, row))
        .single();
  }

  /**
   * Ends the first pass, which only checks the rows, and starts the second pass, which writes them.
   * Returns the new state.
   */
  ImportJob startSecondPass(Job job, Instant now) {
    return writes
        .sql(
            """
            UPDATE import_job SET checking = ?, bytes_read = 0, row_count = 0, created_count = 0,
              updated_count = 0, unchanged_count = 0, rejected_count = 0, merged_count = 0,
              skipped_count = 0, notices = first_notices, causes = NULL,
              attempt_start_rows = attempt_start_rows - row_count,
              attempt_start_bytes = attempt_start_bytes - bytes_read, updated_at = ?
            WHERE job_id = ?
            RETURNING %s
            """
                .formatted(COLUMNS))
        .params(false, now.toEpochMilli(), job.id())
        .query((row, _) -> read(job, row))
        .single();
  }

  /** Adds a notice if the import has no notice with this code yet. Returns the new state. */
  ImportJob addOnce(Job job, Notice notice) {
    boolean isThere =
        inTransaction(job).notices().stream().anyMatch(n -> n.code().equals(notice.code()));
    if (!isThere) {
      addNotices(job.id(), List.of(notice));
    }
    return inTransaction(job);
  }

  /**
   * The names of fields that products may also have as attributes, because a caller's {@code map=}
   * kept such a column as an attribute. There are few of these names. Without the stored names,
   * every import would have to search all products for such attributes, which would be slow.
   */
  Set<String> attributesNamedAsFields() {
    return Set.copyOf(
        reads
            .sql("SELECT name FROM attribute_named_as_field LIMIT 1000")
            .query(String.class)
            .list());
  }

  private void addNotices(String jobId, List<Notice> added) {
    Notices all = new Notices();
    all.addAll(
        writes
            .sql("SELECT notices FROM import_job WHERE job_id = ?")
            .param(jobId)
            .query((row, _) -> notices(row.getString(1)))
            .single());
    all.addAll(added);
    writes
        .sql("UPDATE import_job SET notices = ? WHERE job_id = ?")
        .params(json.writeValueAsString(all.list()), jobId)
        .update();
  }

  private List<Cause> causes(@Nullable String stored) {
    return stored == null ? List.of() : json.readValue(stored, CAUSES);
  }

  private List<Notice> notices(@Nullable String stored) {
    return stored == null ? List.of() : json.readValue(stored, NOTICES);
  }

  private ImportPlan.Stored plan(@Nullable String stored) {
    return stored == null
        ? ImportPlan.Stored.EARLIER
        : json.readValue(stored, ImportPlan.Stored.class);
  }

  /** The counts of an import; empty if the import does not exist any more. */
  Optional<Counts> countsOf(String jobId) {
    return reads
        .sql(
            """
            SELECT row_count, created_count, updated_count, unchanged_count, rejected_count,
              merged_count, skipped_count
            FROM import_job WHERE job_id = ?
            """)
        .param(jobId)
        .query(
            (row, _) ->
                new Counts(
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7)))
        .optional();
  }

  /** Whether the import is a dry run. Also false if the import does not exist. */
  boolean isDryRun(String jobId) {
    return reads
        .sql("SELECT dry_run FROM import_job WHERE job_id = ?")
        .param(jobId)
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  void delete(String jobId) {
    writes.sql("DELETE FROM import_job WHERE job_id = ?").param(jobId).update();
  }

  /**
   * Stores an import of a dry run's file. The import reads the file in the same way as the dry run.
   */
  void insertCopy(String id, String dryRunJob) {
    writes
        .sql(
            """
            INSERT INTO import_job (job_id, file_name, dry_run, charset, delimiter, shape, mapping,
              bytes_total, stored_bytes, bytes_read, row_count, created_count, updated_count, unchanged_count,
              rejected_count, attempt_start_rows, attempt_start_bytes, reading, notices,
              policy, checking, first_notices, dry_run_job, same_file, parent_job)
            SELECT ?, file_name, ?, charset, delimiter, shape, mapping, bytes_total, stored_bytes,
              0, 0, 0, 0, 0,
              0, 0, 0, reading, first_notices, policy, ?, first_notices, job_id,
              same_file, parent_job
            FROM import_job WHERE job_id = ?
            """)
        .params(id, false, policyOf(dryRunJob).checksFirst(), dryRunJob)
        .update();
  }

  private ImportPolicy policyOf(String jobId) {
    return writes
        .sql("SELECT policy FROM import_job WHERE job_id = ?")
        .param(jobId)
        .query((row, _) -> policy(row.getString(1)))
        .single();
  }

  private ImportPolicy policy(@Nullable String stored) {
    return stored == null ? ImportPolicy.USUAL : json.readValue(stored, ImportPolicy.class);
  }

  /** The import IDs that are greater than the given ID, in ascending order. */
  List<String> idsAfter(String after, int limit) {
    return reads
        .sql("SELECT job_id FROM import_job WHERE job_id > ? ORDER BY job_id LIMIT ?")
        .params(after, limit)
        .query(String.class)
        .list();
  }

  private ImportJob read(Job job, ResultSet row) throws SQLException {
    long updatedAt = row.getLong("updated_at");
    boolean neverUpdated = row.wasNull();
    long stored = row.getLong("stored_bytes");
    boolean storedAsSent = row.wasNull();
    return new ImportJob(
        job,
        row.getString("file_name"),
        row.getBoolean("dry_run"),
        row.getString("charset"),
        row.getString("delimiter"),
        Shape.parse(row.getString("shape")),
        json.readValue(row.getString("mapping"), MAPPING),
        row.getLong("bytes_total"),
        storedAsSent ? row.getLong("bytes_total") : stored,
        row.getLong("bytes_read"),
        new Counts(
            row.getLong("row_count"),
            row.getLong("created_count"),
            row.getLong("updated_count"),
            row.getLong("unchanged_count"),
            row.getLong("rejected_count"),
            row.getLong("merged_count"),
            row.getLong("skipped_count")),
        neverUpdated ? null : Instant.ofEpochMilli(updatedAt),
        row.getLong("attempt_start_rows"),
        row.getLong("attempt_start_bytes"),
        plan(row.getString("reading")),
        causes(row.getString("causes")),
        notices(row.getString("notices")),
        policy(row.getString("policy")),
        row.getBoolean("checking"),
        row.getString("dry_run_job"),
        row.getString("parent_job"),
        repaired(row),
        summary(row.getString("summary"), row.getLong("updated_count")));
  }

  private static @Nullable Long repaired(ResultSet row) throws SQLException {
    long rows = row.getLong("repaired");
    return row.wasNull() ? null : Math.min(rows, row.getLong("rejected_count"));
  }

  /**
   * The stored summary. Null (unknown) if an earlier version updated rows, because it stored no
   * summary.
   */
  private @Nullable ChangeSummary summary(@Nullable String stored, long updated) {
    return stored == null && updated > 0 ? null : ChangeSummary.stored(stored, json);
  }
}
