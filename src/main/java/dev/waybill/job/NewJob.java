package dev.waybill.job;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a job when it is created.
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

  /** The value in {@link #mapping} of a column that is not imported. The job does not show it. */
  public static final String IGNORED = "-";
}
