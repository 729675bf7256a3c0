package dev.waybill.job;

/**
 * What all jobs have in common when they are created.
 *
 * @param id the transaction ID, from {@link Jobs#newTransactionId()}
 * @param kind what callers call this kind of job
 * @param family the {@link JobKind#name() name} of the code that knows this kind of job
 * @param title for people
 */
public record NewJob(String id, String kind, String family, String title) {}
