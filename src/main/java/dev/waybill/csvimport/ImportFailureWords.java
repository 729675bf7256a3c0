package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.job.QueuedKind;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/** Says how much of a failed import was done. */
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
    return "The import broke down %d times in a row at the same place, after row %d. The rows up to there are imported."
        .formatted(attempts, rows(job));
  }

  @Override
  public String storageAway(Job job, long seconds) {
    return "The server could not read the uploaded file for %d s. The rows up to %d are imported; import the file again once the server is well."
        .formatted(seconds, rows(job));
  }

  @Override
  public String storageFailed(Job job, int attempts) {
    return "The server could not use its storage, %d times in a row. The rows up to %d are imported; import the file again once the server is well."
        .formatted(attempts, rows(job));
  }

  @Override
  public String internal(Job job) {
    return "The import stopped because of an error in the server; see its log. The rows up"
        + " to there are imported.";
  }

  private long rows(Job job) {
    return imports.of(job).counts().rows();
  }
}
