package dev.waybill.job;

import org.jspecify.annotations.Nullable;

/**
 * What all jobs have in common when they are created.
 *
 * @param id the transaction ID, from {@link Jobs#newTransactionId()}
 * @param kind what callers call this kind of job
 * @param family the {@link JobKind#name() name} of the code that knows this kind of job
 * @param title for people
 * @param callbackUrl where the end of the job is posted, checked by {@link Jobs#checkCallback};
 *     null if it is not
 */
public record NewJob(
    String id, String kind, String family, String title, @Nullable String callbackUrl) {

  public NewJob(String id, String kind, String family, String title) {
    this(id, kind, family, title, null);
  }
}
