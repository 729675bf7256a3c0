package dev.waybill.upload;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.waybill.csv.Notice;
import dev.waybill.csvimport.PreviewPlan;
import dev.waybill.csvimport.PreviewRows;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A preview as clients see it: what an import of the file would do.
 *
 * @param format null if the file cannot be read with these settings; then charset, delimiter and
 *     header line are null too
 * @param settings what the caller requests, by parameter
 * @param profile the caller's profile for files with this header; null if there is none
 * @param rows the first rows as they would be stored
 * @param problem why the file cannot be imported with these settings; null if it can
 * @param jobs the jobs that were created from the file
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@JsonPropertyOrder({"previewId", "expiresAt", "fileName", "bytes", "format"})
record PreviewView(
    String previewId,
    Instant expiresAt,
    String fileName,
    long bytes,
    @Nullable String format,
    @Nullable String charset,
    @Nullable String delimiter,
    @Nullable Integer headerLine,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String sheet,
    Map<String, String> settings,
    @Nullable String profile,
    List<PreviewPlan.Column> columns,
    List<PreviewRows.Row> rows,
    List<Notice> notices,
    @JsonRawValue @Nullable String problem,
    Jobs jobs,
    Links links) {

  /**
   * The transaction IDs of the jobs that were created from the file; null if there is no such job.
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Jobs(@JsonProperty("import") @Nullable String imported, @Nullable String dryRun) {}

  /** Links to other resources, as paths on this server. */
  record Links(String self, @JsonProperty("import") String imports) {}
}
