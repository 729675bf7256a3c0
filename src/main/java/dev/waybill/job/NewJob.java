package dev.waybill.job;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a job when it is born.
 *
 * @param id the transaction ID, from {@link Jobs#newTransactionId()}
 * @param kind the {@link JobKind#name() kind} that will run it
 * @param bytesTotal the size of the uploaded file, inflated
 * @param charset the file's charset, by its canonical Java name
 * @param delimiter {@code comma}, {@code semicolon}, {@code tab} or {@code pipe}
 * @param mapping header to field, null for an attribute, iterating in the order of the file
 */
public record NewJob(
    String id,
    String kind,
    String fileName,
    boolean dryRun,
    long bytesTotal,
    String charset,
    String delimiter,
    Map<String, @Nullable String> mapping) {

  /** Stands in {@link #mapping} for a column that is no data; the job does not show it. */
  public static final String IGNORED = "-";
}
