package dev.waybill.csvimport;

import dev.waybill.job.Jobs;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes the replaced values of finished jobs, after their retention time or to make room. After
 * that, these jobs can no longer be undone. Every pod searches for jobs whose changes must be
 * deleted. Only the pod that marks a job's changes as expired deletes these changes. If this pod
 * crashes, any pod can continue.
 */
@Component
@RequiredArgsConstructor
class ForgetChanges {

  private static final int BATCH = 100;

  private final ProductWriters writers;
  private final Jobs jobs;
  private final UndoJobs undos;
  private final ImportJobs imports;
  private final ChangeRetention retention;
  private final ChangesProperties properties;

  @Scheduled(initialDelay = 1, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
  void forgetOldChanges() {
    int last = 0;
    List<ProductWriter> batch;
    do {
      batch = writers.keptAfter(last, BATCH);
      batch.stream().filter(this::isOver).forEach(this::forget);
      last = batch.isEmpty() ? last : batch.getLast().number();
    } while (batch.size() == BATCH);
  }

  /**
   * Deletes changes of finished jobs until the changes of all jobs no longer exceed the limit. The
   * changes of the caller with the most bytes are deleted first. So a caller with many imports
   * loses its own changes before other callers lose theirs.
   */
  @Scheduled(initialDelay = 5, fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
  void makeRoom() {
    long most = properties.maxTotalSize().toBytes();
    Optional<ProductWriter> next;
    while (writers.keptBytes() > most
        && (next = writers.heaviest(BATCH).stream().filter(this::isAtRest).findFirst())
            .isPresent()) {
      forget(next.get());
    }
  }

  private void forget(ProductWriter writer) {
    writers.forgetChanges(writer, undos::deleteProducts);
  }

  private boolean isDryRun(String jobId) {
    return imports.isDryRun(jobId) || undos.isDryRun(jobId);
  }

  /** Whether the retention time of the job's changes is over. */
  private boolean isOver(ProductWriter writer) {
    if (writer.state() == ProductWriter.State.EXPIRED) {
      // A pod has marked these changes as expired, but has crashed before it had deleted all of
      // them.
      return true;
    }
    return jobs.find(writer.jobId())
            .filter(job -> retention.isOver(job, isDryRun(job.id())))
            .isPresent()
        && isAtRest(writer);
  }

  /**
   * Whether the job and all undos that may read its changes have finished, so that no job writes or
   * reads these changes.
   */
  private boolean isAtRest(ProductWriter writer) {
    return jobs.find(writer.jobId()).filter(job -> job.status().isFinished()).isPresent()
        && undos.readersOf(writer.jobId()).stream()
            .map(jobs::find)
            .flatMap(Optional::stream)
            .allMatch(undo -> undo.status().isFinished());
  }
}
