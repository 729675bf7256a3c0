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
 * What a file would become.
 *
 * @param format null, as are charset, delimiter and header line, where the file cannot be read so
 *     far
 * @param settings what the caller asks for, by parameter
 * @param profile the caller's profile for files with this header; null if there is none
 * @param rows the first rows as they would be stored
 * @param problem why the file cannot be imported like this; null if it can
 * @param jobs the jobs that were made of the file
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

  /** Transaction IDs; null where there is no such job. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Jobs(@JsonProperty("import") @Nullable String imported, @Nullable String dryRun) {}

  /** Paths on this server. */
  record Links(String self, @JsonProperty("import") String imports) {}
}
