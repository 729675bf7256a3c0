package dev.waybill.csvimport;

import dev.waybill.job.Jobs;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes what finished jobs have replaced, once they can no longer be undone. Every pod does it;
 * two of them at once do no harm.
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

  @Scheduled(initialDelay = 1, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
  void forgetOldChanges() {
    int last = 0;
    List<ProductWriter> batch;
    do {
      batch = writers.keptAfter(last, BATCH);
      batch.stream().filter(this::isOver).forEach(writers::forgetChanges);
      last = batch.isEmpty() ? last : batch.getLast().number();
    } while (batch.size() == BATCH);
  }

  /** Whether the job can no longer be undone, and no undo is still reading its changes. */
  private boolean isOver(ProductWriter writer) {
    if (writer.state() == ProductWriter.State.EXPIRED) {
      return true; // a pod has died while it deleted them
    }
    return jobs.find(writer.jobId())
            .filter(job -> retention.isOver(job, imports.isDryRun(job.id())))
            .isPresent()
        && undos.ofTarget(writer.jobId()).keySet().stream()
            .map(jobs::find)
            .flatMap(Optional::stream)
            .allMatch(undo -> undo.status().isFinished());
  }
}
