package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.job.QueuedKind;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/** Makes the texts about a failed undo. The texts say how much of the undo was done. */
@Component
@RequiredArgsConstructor
class UndoFailureWords implements QueuedKind.FailureWords {

  private final UndoJobs undos;

  @Override
  public String title() {
    return "The undo failed";
  }

  @Override
  public String crashed(Job job, int attempts) {
    return "The undo crashed %d times in a row at the same place. %s"
        .formatted(attempts, soFar(job));
  }

  @Override
  public String storageAway(Job job, long seconds) {
    return "The server could not use its storage for %d s. %s".formatted(seconds, soFar(job));
  }

  @Override
  public String storageFailed(Job job, int attempts) {
    return "The server could not use its storage, %d times in a row. %s"
        .formatted(attempts, soFar(job));
  }

  @Override
  public String internal(Job job) {
    return "The undo stopped because of an error in the server; see its log. It may be started"
        + " again.";
  }

  private String soFar(Job job) {
    return "%d products are reversed. Start the undo again after the fault of the server is corrected."
        .formatted(undos.of(job).counts().reversed());
  }
}
