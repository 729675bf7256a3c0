package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.waybill.csv.Notice;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import dev.waybill.job.JobView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An import in the form in which clients see it, as JSON.
 *
 * @param maxErrors the number of rejected rows that are tolerated; null for the default of {@code
 *     onError}
 * @param phase {@code checking} or {@code importing}; null, and absent in JSON, unless all rows are
 *     checked first
 * @param dryRunId the dry run whose file is imported; null, and absent in JSON, if the file is not
 *     from a dry run
 * @param parentId the import whose rejected rows this import repairs; null, and absent in JSON, if
 *     this import repairs no import
 * @param repairedRows the number of this import's rejected rows that were repaired by imports that
 *     have this import as their parent; null, and absent in JSON, if there is no such import
 * @param undone the undo of this import; null, and absent in JSON, if this import was not undone
 * @param mapping the use of each column; null, and absent in JSON, if it was left out
 * @param summary the changes that the updates make; null, and absent in JSON, if they are not known
 *     or were left out
 * @param causes the most frequent causes of rejections; absent in JSON if there are no causes or
 *     they were left out
 * @param notices the notices for the user; null, and absent in JSON, if they were left out
 * @param omitted the properties that were left out of an event because they are large; absent in
 *     JSON if no property was left out
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@JsonPropertyOrder({
  "transactionId",
  "kind",
  "status",
  "attempt",
  "fileName",
  "dryRun",
  "percent",
  "bytes",
  "counts"
})
public record ImportView(
    String transactionId,
    String kind,
    JobStatus status,
    int attempt,
    String fileName,
    boolean dryRun,
    double percent,
    Bytes bytes,
    Counts counts,
    @Nullable Long rowsPerSecond,
    @Nullable Long etaSeconds,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer queuePosition,
    boolean cancelRequested,
    String charset,
    String delimiter,
    String format,
    String onError,
    @Nullable Long maxErrors,
    String mode,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String phase,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String dryRunId,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String parentId,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long repairedRows,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Undone undone,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, @Nullable String> mapping,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @JsonRawValue @Nullable String error,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ChangeSummary summary,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable List<Cause> causes,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Notice> notices,
    Links links,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> omitted)
    implements JobView {

  private static final String IMPORTING = "importing";

  /**
   * The maximum number of characters of column names in the mapping of an event; about 32 KB of
   * JSON.
   */
  private static final int LONGEST_MAPPING_IN_EVENT = 5_000;

  /** The maximum number of characters of notices in an event; about 30 KB of JSON. */
  private static final int LONGEST_NOTICES_IN_EVENT = 5_000;

  /** The maximum number of characters of causes in an event; about 12 KB of JSON. */
  private static final int LONGEST_CAUSES_IN_EVENT = 2_000;

  /**
   * The number of bytes of the uploaded file that the current pass has read, and the size of the
   * file.
   */
  public record Bytes(long read, long total) {}

  /** Links to other resources of this job, as paths on this server. */
  public record Links(
      String self, String events, String products, String rejections, String changes) {}

  /** The data of a {@code progress} event: the part of the job that changes while it runs. */
  public record Progress(
      JobStatus status,
      int attempt,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String phase,
      double percent,
      Bytes bytes,
      Counts counts,
      @Nullable Long rowsPerSecond,
      @Nullable Long etaSeconds) {}

  static ImportView of(ImportJob imported) {
    Job job = imported.job();
    Pace pace = Pace.of(imported);
    String self = "/api/jobs/" + job.id();
    return new ImportView(
        job.id(),
        job.kind(),
        job.status(),
        job.attempt(),
        imported.fileName(),
        imported.dryRun(),
        percent(imported),
        bytes(imported),
        imported.counts(),
        pace.rowsPerSecond(),
        pace.etaSeconds(),
        null,
        job.cancelRequested(),
        imported.charset(),
        imported.delimiter(),
        imported.plan().format(),
        ImportPolicy.wireName(imported.policy().onError()),
        imported.policy().maxErrors(),
        ImportPolicy.wireName(imported.policy().mode()),
        phase(imported),
        imported.dryRunJob(),
        imported.parentJob(),
        imported.repairedRows(),
        null,
        shown(imported.mapping()),
        job.createdAt(),
        job.startedAt(),
        job.finishedAt(),
        job.error(),
        imported.summary(),
        imported.causes(),
        imported.notices(),
        new Links(
            self, self + "/events", self + "/products", self + "/rejections", self + "/changes"),
        List.of());
  }

  /**
   * A number that grows with the progress of the job. This number counts the rows of both passes.
   */
  @Override
  public long position() {
    // Adds the size of the file in the second pass, because the counts start at 0 again with this
    // pass. With this addition the position still grows, because a file never has more rows than
    // bytes.
    return counts.rows() + (IMPORTING.equals(phase) ? bytes.total() : 0);
  }

  /**
   * The view for a list of jobs. This view leaves out the mapping, the summary, the causes and the
   * notices. The mapping and the notices can be as large as the header.
   */
  @Override
  public ImportView listed() {
    return copy(
        rowsPerSecond, etaSeconds, queuePosition, undone, null, null, null, null, List.of());
  }

  /**
   * The view for an event. This view leaves out a large mapping, many notices or long causes.
   * {@code omitted} names the properties that were left out.
   */
  @Override
  public ImportView inEvent() {
    int inMapping =
        mapping == null ? 0 : mapping.keySet().stream().mapToInt(name -> name.length() + 20).sum();
    int inNotices = notices == null ? 0 : notices.stream().mapToInt(ImportView::characters).sum();
    boolean keepsMapping = inMapping <= LONGEST_MAPPING_IN_EVENT;
    int inCauses = causes == null ? 0 : causes.stream().mapToInt(Cause::characters).sum();
    boolean keepsCauses = inCauses <= LONGEST_CAUSES_IN_EVENT;
    boolean keepsNotices = inNotices <= LONGEST_NOTICES_IN_EVENT;
    if (keepsMapping && keepsCauses && keepsNotices) {
      return this;
    }
    List<String> left = new ArrayList<>();
    if (!keepsMapping) {
      left.add("mapping");
    }
    if (!keepsCauses) {
      left.add("causes");
    }
    if (!keepsNotices) {
      left.add("notices");
    }
    return copy(
        rowsPerSecond,
        etaSeconds,
        queuePosition,
        undone,
        keepsMapping ? mapping : null,
        summary,
        keepsCauses ? causes : null,
        keepsNotices ? notices : null,
        left);
  }

  private static int characters(Notice notice) {
    String column = notice.column();
    return notice.detail().length() + (column == null ? 0 : column.length());
  }

  @Override
  public ImportView at(@Nullable Integer queuePosition) {
    return copy(
        rowsPerSecond,
        etaSeconds,
        queuePosition,
        undone,
        mapping,
        summary,
        causes,
        notices,
        omitted);
  }

  /** The view without rate, remaining time and position in the queue. */
  @Override
  public ImportView withoutPace() {
    return copy(null, null, null, undone, mapping, summary, causes, notices, omitted);
  }

  @Override
  public Progress progress() {
    return new Progress(status, attempt, phase, percent, bytes, counts, rowsPerSecond, etaSeconds);
  }

  ImportView with(@Nullable Undone undone) {
    return copy(
        rowsPerSecond,
        etaSeconds,
        queuePosition,
        undone,
        mapping,
        summary,
        causes,
        notices,
        omitted);
  }

  private ImportView copy(
      @Nullable Long rowsPerSecond,
      @Nullable Long etaSeconds,
      @Nullable Integer queuePosition,
      @Nullable Undone undone,
      @Nullable Map<String, @Nullable String> mapping,
      @Nullable ChangeSummary summary,
      @Nullable List<Cause> causes,
      @Nullable List<Notice> notices,
      List<String> omitted) {
    return new ImportView(
        transactionId,
        kind,
        status,
        attempt,
        fileName,
        dryRun,
        percent,
        bytes,
        counts,
        rowsPerSecond,
        etaSeconds,
        queuePosition,
        cancelRequested,
        charset,
        delimiter,
        format,
        onError,
        maxErrors,
        mode,
        phase,
        dryRunId,
        parentId,
        repairedRows,
        undone,
        mapping,
        createdAt,
        startedAt,
        finishedAt,
        error,
        summary,
        causes,
        notices,
        links,
        omitted);
  }

  private static Map<String, @Nullable String> shown(Map<String, @Nullable String> mapping) {
    Map<String, @Nullable String> shown = new LinkedHashMap<>(mapping);
    shown.values().removeIf(NewImport.IGNORED::equals);
    return shown;
  }

  private static @Nullable String phase(ImportJob imported) {
    if (!imported.policy().checksFirst() || imported.dryRun()) {
      return null;
    }
    return imported.checking() ? "checking" : IMPORTING;
  }

  /**
   * The bytes that the current pass has read so far. The database contains only the bytes of
   * committed chunks. For a completed job, the result is the size of the whole file.
   */
  private static Bytes bytes(ImportJob imported) {
    boolean completed = imported.job().status() == JobStatus.COMPLETED;
    return new Bytes(
        completed ? imported.bytesTotal() : imported.bytesRead(), imported.bytesTotal());
  }

  private static double percent(ImportJob imported) {
    if (imported.job().status() == JobStatus.COMPLETED) {
      return 100;
    }
    // Rounds the result down to one decimal place, so that only a completed job has 100.
    if (imported.bytesTotal() == 0) {
      return 0;
    }
    // If there are two passes, each pass counts as one half.
    int passes = imported.policy().checksFirst() && !imported.dryRun() ? 2 : 1;
    long before = passes == 2 && !imported.checking() ? imported.bytesTotal() : 0;
    long permille =
        (before + imported.bytesRead()) * 1000 / Math.multiplyExact(passes, imported.bytesTotal());
    return Math.min(99.9, permille / 10.0);
  }
}
