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
 * A preview in the form in which clients see it. The preview shows the result that an import of the
 * file would have.
 *
 * @param format null if the file cannot be read with these settings; in this case the charset, the
 *     delimiter and the header line are also null
 * @param settings the settings that the caller requests, by parameter
 * @param profile the caller's profile for files with this header; null if there is no such profile
 * @param rows the first rows in the form in which an import would store them
 * @param problem the reason why the file cannot be imported with these settings; null if it can be
 *     imported
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
   * The transaction IDs of the import and of the dry run that were created from the file. An ID is
   * null if the import or the dry run does not exist.
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Jobs(@JsonProperty("import") @Nullable String imported, @Nullable String dryRun) {}

  /** Links to other resources, as paths on this server. */
  record Links(String self, @JsonProperty("import") String imports) {}
}
