package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.job.QueuedKind;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/** Makes the texts about a failed import. The texts say how much of the import was done. */
@Component
@RequiredArgsConstructor
class ImportFailureWords implements QueuedKind.FailureWords {

  private final ImportJobs imports;

  @Override
  public String title() {
    return "The import failed";
  }

  @Override
  public String crashed(Job job, int attempts) {
    ImportJob failed = imports.of(job);
    return "The import crashed %d times in a row at the same place, after row %d. %s"
        .formatted(attempts, failed.counts().rows(), soFar(failed));
  }

  @Override
  public String storageAway(Job job, long seconds) {
    return "The server could not read the uploaded file for %d s. %s"
        .formatted(seconds, soFarAndNext(imports.of(job)));
  }

  @Override
  public String storageFailed(Job job, int attempts) {
    return "The server could not use its storage, %d times in a row. %s"
        .formatted(attempts, soFarAndNext(imports.of(job)));
  }

  @Override
  public String internal(Job job) {
    return "The import stopped because of an error in the server; see its log. %s"
        .formatted(soFar(imports.of(job)));
  }

  /** The text for a job whose file is deleted, or is shorter than at its upload. */
  static String fileLost(ImportJob job) {
    return "The uploaded file is missing or incomplete on the server. %s Upload the file again%s."
        .formatted(soFar(job), changesProducts(job) ? " for the rest" : "");
  }

  private static String soFarAndNext(ImportJob job) {
    return isTakenBack(job)
        ? soFar(job)
        : soFar(job) + " Import the file again when the server can use its storage.";
  }

  private static String soFar(ImportJob job) {
    if (isTakenBack(job)) {
      return "Too many rows were rejected, so the import was being taken back. %d accepted rows are not taken back yet. Undo the import to take them back."
          .formatted(job.counts().accepted());
    }
    return changesProducts(job)
        ? "The rows up to %d are imported.".formatted(job.counts().rows())
        : "The rows were only checked, and no product has changed.";
  }

  private static boolean changesProducts(ImportJob job) {
    return !job.dryRun() && !job.checking();
  }

  /**
   * Whether the job failed while it took back the products that it had written. A job does this if
   * it exceeds its limit of rejected rows after the first pass had accepted the file.
   */
  private static boolean isTakenBack(ImportJob job) {
    return changesProducts(job)
        && job.policy().checksFirst()
        && new RejectionLimit(job.policy()).isExceeded(job.counts().rejected());
  }
}
