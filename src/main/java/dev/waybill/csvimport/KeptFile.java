package dev.waybill.csvimport;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An uploaded file that waits for a decision.
 *
 * @param id the name of the stored file; of a dry run also the transaction ID of its job
 * @param caller the ID of the caller that sent it
 * @param evidence of a preview: what its bytes say about its charset, as JSON
 * @param settings of a preview: what its caller asks for, as JSON
 * @param gone whether the file is deleted
 * @param imported the job that imports it, and the answer to its creation; null if there is none
 * @param dryRun the same for a dry run
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

  /** What the file waits for. */
  public enum Kind {
    PREVIEW,
    DRY_RUN
  }

  /**
   * A job that was made of the file.
   *
   * @param answer to the request that made it
   */
  public record Used(String jobId, String answer) {}

  /** The same with other settings. */
  public KeptFile withSettings(String changed) {
    return new KeptFile(
        id, caller, kind, fileName, bytes, evidence, changed, createdAt, expiresAt, gone, imported,
        dryRun);
  }

  public @Nullable Used used(boolean asDryRun) {
    return asDryRun ? dryRun : imported;
  }

  public boolean isExpired(Instant now) {
    return gone || !now.isBefore(expiresAt);
  }
}
