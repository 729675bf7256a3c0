package dev.waybill.job;

import org.jspecify.annotations.Nullable;

/**
 * The fields that every new job has.
 *
 * @param id the transaction ID, from {@link Jobs#newTransactionId()}
 * @param kind the name that callers use for this kind of job
 * @param family the {@link JobKind#name() name} of the code that knows this kind of job
 * @param title the title that people see
 * @param callbackUrl the address to which the end of the job will be posted, checked by {@link
 *     Jobs#checkCallback}; null if the end will not be posted
 */
public record NewJob(
    String id, String kind, String family, String title, @Nullable String callbackUrl) {

  public NewJob(String id, String kind, String family, String title) {
    this(id, kind, family, title, null);
  }
}
