package dev.waybill.csvimport;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An uploaded file of a preview or of a dry run. The server keeps this file for some time, so that
 * the user can import it.
 *
 * @param id the name of the stored file; for a dry run, also the transaction ID of its job
 * @param caller the ID of the caller that sent the file
 * @param evidence for a preview, the facts that Waybill found when the file arrived, such as
 *     evidence of its charset, as JSON; empty for a dry run
 * @param settings for a preview, the import settings that the caller requests, as JSON; empty for a
 *     dry run
 * @param gone whether the file is deleted
 * @param imported the job that imports the file, and the answer to the request that created the
 *     job; null if no job imports the file
 * @param dryRun the job that is a dry run of the file, and the answer to the request that created
 *     the job; null if there is no dry run
 */
public record KeptFile(
    String id,
    String caller,
    Kind kind,
    String fileName,
    long bytes,
    String evidence,
    String settings,
    Instant createdAt,
    Instant expiresAt,
    boolean gone,
    @Nullable Used imported,
    @Nullable Used dryRun) {

  /** Whether the file is kept for a preview or for a dry run. */
  public enum Kind {
    PREVIEW,
    DRY_RUN
  }

  /**
   * A job that was created from the file.
   *
   * @param answer the answer to the request that created the job
   */
  public record Used(String jobId, String answer) {}

  /**
   * A copy of this file with other settings. The copy has no dry run, because the dry run checked
   * the earlier settings.
   */
  public KeptFile withSettings(String changed) {
    return new KeptFile(
        id, caller, kind, fileName, bytes, evidence, changed, createdAt, expiresAt, gone, imported,
        null);
  }

  public @Nullable Used used(boolean asDryRun) {
    return asDryRun ? dryRun : imported;
  }

  public boolean isExpired(Instant now) {
    return gone || !now.isBefore(expiresAt);
  }
}
