package dev.waybill.csvimport;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores which files of previews and dry runs are kept, in SQL that all supported databases
 * understand. Writes join the caller's transaction.
 */
@Repository
public class KeptFiles {

  private static final String COLUMNS =
      """
      id, caller, kind, file_name, bytes, evidence, settings, created_at, expires_at, gone,
      import_job, import_answer, dry_run_job, dry_run_answer
      """;

  private final JdbcClient writes;
  private final JdbcClient reads;
  private final KeptFileProperties properties;

  KeptFiles(
      JdbcClient writes, @Qualifier("reads") JdbcClient reads, KeptFileProperties properties) {
    this.writes = writes;
    this.reads = reads;
    this.properties = properties;
  }

  /** Stores that the file of a new preview is kept. */
  public void insertPreview(
      String id,
      String caller,
      String fileName,
      long bytes,
      String evidence,
      String settings,
      Instant now) {
    insert(id, caller, KeptFile.Kind.PREVIEW, fileName, bytes, evidence, settings, now);
  }

  /** Stores that the file of a finished dry run is kept. Does nothing if this is already stored. */
  void insertDryRun(String jobId, String caller, String fileName, long bytes, Instant now) {
    insert(jobId, caller, KeptFile.Kind.DRY_RUN, fileName, bytes, "", "", now);
  }

  private void insert(
      String id,
      String caller,
      KeptFile.Kind kind,
      String fileName,
      long bytes,
      String evidence,
      String settings,
      Instant now) {
    writes
        .sql(
            """
            INSERT INTO kept_file (id, caller, kind, file_name, bytes, evidence, settings,
              created_at, expires_at, gone)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """)
        .params(
            id,
            caller,
            kind.name(),
            fileName,
            bytes,
            evidence,
            settings,
            now.toEpochMilli(),
            expiry(now, now).toEpochMilli(),
            false)
        .update();
  }

  private Instant expiry(Instant createdAt, Instant usedAt) {
    Instant last = createdAt.plus(properties.maxAge());
    Instant unused = usedAt.plus(properties.unused());
    return unused.isBefore(last) ? unused : last;
  }

  /** A file in its last committed state, even if it is deleted. */
  public Optional<KeptFile> find(String id) {
    return reads
        .sql("SELECT " + COLUMNS + " FROM kept_file WHERE id = ?")
        .param(id)
        .query(KeptFiles::read)
        .optional();
  }

  /**
   * Locks a file until the transaction ends and extends its lifetime. Empty if the file has expired
   * or is unknown.
   */
  public Optional<KeptFile> use(String id, Instant now) {
    Duration unused = properties.unused();
    Duration maxAge = properties.maxAge();
    return writes
        .sql(
            """
            UPDATE kept_file SET expires_at = CASE
              WHEN created_at + :maxAge < :now + :unused THEN created_at + :maxAge
              ELSE :now + :unused END
            WHERE id = :id AND gone = :no AND expires_at > :now
            RETURNING %s
            """
                .formatted(COLUMNS))
        .param("maxAge", maxAge.toMillis())
        .param("unused", unused.toMillis())
        .param("now", now.toEpochMilli())
        .param("no", false)
        .param("id", id)
        .query(KeptFiles::read)
        .optional();
  }

  /**
   * Changes the settings of a preview. Removes the reference to the dry run of the preview, because
   * that dry run checked the earlier settings. So the caller can create a new dry run.
   */
  public void saveSettings(String id, String settings) {
    writes
        .sql(
            """
            UPDATE kept_file SET settings = ?, dry_run_job = NULL, dry_run_answer = NULL WHERE id = ?
            """)
        .params(settings, id)
        .update();
  }

  /** Stores which job was created from a file. */
  public void saveUse(String id, boolean dryRun, KeptFile.Used used) {
    writes
        .sql(
            """
            UPDATE kept_file SET %1$s_job = ?, %1$s_answer = ? WHERE id = ?
            """
                .formatted(dryRun ? "dry_run" : "import"))
        .params(used.jobId(), used.answer(), id)
        .update();
  }

  /** Deletes a preview. Returns false if there is no preview with this ID. */
  public boolean deletePreview(String id) {
    return writes
            .sql("DELETE FROM kept_file WHERE id = ? AND kind = ?")
            .params(id, KeptFile.Kind.PREVIEW.name())
            .update()
        == 1;
  }

  /**
   * The previews of a caller that have a file.
   *
   * @param firstExpiry the time at which the first of these previews expires. The time may be in
   *     the past if the file of this preview is not deleted yet. Null if there is no preview
   */
  public record CallersPreviews(int count, @Nullable Instant firstExpiry) {}

  /** The previews of a caller in the state that this transaction sees. */
  public CallersPreviews previewsInTransaction(String caller) {
    return previews(writes, caller);
  }

  public CallersPreviews previews(String caller) {
    return previews(reads, caller);
  }

  private static CallersPreviews previews(JdbcClient jdbc, String caller) {
    return jdbc.sql(
            """
            SELECT COUNT(*), MIN(expires_at) FROM kept_file
            WHERE caller = ? AND gone = ? AND kind = ?
            """)
        .params(caller, false, KeptFile.Kind.PREVIEW.name())
        .query(
            (row, _) -> {
              int count = row.getInt(1);
              return new CallersPreviews(
                  count, count == 0 ? null : Instant.ofEpochMilli(row.getLong(2)));
            })
        .single();
  }

  /** The number of previews of all callers that have a file. */
  public int previews() {
    return reads
        .sql("SELECT COUNT(*) FROM kept_file WHERE gone = ? AND kind = ?")
        .params(false, KeptFile.Kind.PREVIEW.name())
        .query(Integer.class)
        .single();
  }

  public boolean isKept(String id) {
    return find(id).filter(file -> !file.gone()).isPresent();
  }

  /** The IDs of files that have expired but are not yet marked as deleted. */
  public List<String> expired(Instant now, int limit) {
    return reads
        .sql("SELECT id FROM kept_file WHERE gone = ? AND expires_at <= ? LIMIT ?")
        .params(false, now.toEpochMilli(), limit)
        .query(String.class)
        .list();
  }

  /**
   * Marks an expired file as deleted, before its bytes are deleted. Returns false if the file was
   * used again and therefore has not expired.
   */
  public boolean markGone(String id, Instant now) {
    return writes
            .sql(
                """
                UPDATE kept_file SET gone = ?, settings = '', evidence = '', import_answer = NULL,
                  dry_run_answer = NULL
                WHERE id = ? AND gone = ? AND expires_at <= ?
                """)
            .params(true, id, false, now.toEpochMilli())
            .update()
        == 1;
  }

  /** Deletes the rows of deleted files that expired before this time. */
  public void forgetBefore(Instant time) {
    writes
        .sql("DELETE FROM kept_file WHERE gone = ? AND expires_at < ?")
        .params(true, time.toEpochMilli())
        .update();
  }

  /**
   * The number of bytes that kept files take, and the jobs that share these bytes.
   *
   * @param bytes the number of bytes, by the ID of the caller; bytes that two files share are
   *     counted one time
   * @param sharing the IDs of the jobs whose files share these bytes
   */
  record Bytes(Map<String, Long> bytes, Set<String> sharing) {}

  Bytes bytes() {
    record Row(String id, String caller, long bytes) {}
    Set<String> sharing = new HashSet<>();
    List<Row> rows =
        reads
            .sql("SELECT id, caller, bytes, import_job, dry_run_job FROM kept_file WHERE gone = ?")
            .param(false)
            .query(
                (row, _) -> {
                  for (int column = 4; column <= 5; column++) {
                    String job = row.getString(column);
                    if (job != null) {
                      sharing.add(job);
                    }
                  }
                  return new Row(row.getString(1), row.getString(2), row.getLong(3));
                })
            .list();
    Map<String, Long> bytes = new HashMap<>();
    rows.stream()
        .filter(row -> !sharing.contains(row.id()))
        .forEach(row -> bytes.merge(row.caller(), row.bytes(), Long::sum));
    return new Bytes(bytes, sharing);
  }

  private static KeptFile read(ResultSet row, int index) throws SQLException {
    return new KeptFile(
        row.getString("id"),
        row.getString("caller"),
        KeptFile.Kind.valueOf(row.getString("kind")),
        row.getString("file_name"),
        row.getLong("bytes"),
        row.getString("evidence"),
        row.getString("settings"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("expires_at")),
        row.getBoolean("gone"),
        used(row.getString("import_job"), row.getString("import_answer")),
        used(row.getString("dry_run_job"), row.getString("dry_run_answer")));
  }

  private static KeptFile.@Nullable Used used(@Nullable String job, @Nullable String answer) {
    return job == null || answer == null ? null : new KeptFile.Used(job, answer);
  }
}
