package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.job.Jobs;
import java.time.Clock;
import java.time.Instant;
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
  private final ImportProperties properties;
  private final Clock clock;

  @Scheduled(initialDelay = 1, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
  void forgetOldChanges() {
    int last = 0;
    List<ProductWriter> batch;
    List<ProductWriter> old;
    do {
      batch = writers.keptAfter(last, BATCH);
      old = batch.stream().filter(this::isOver).toList();
      // Marked last, so that a pod that dies in between leaves the rest to the next round.
      old.forEach(
          writer -> {
            writers.deleteChanges(writer);
            writers.markExpired(writer);
          });
      last = batch.isEmpty() ? last : batch.getLast().number();
      // Later numbers started later. The next round finds what is old behind such a batch.
    } while (batch.size() == BATCH && !old.isEmpty());
  }

  /** Whether the job can no longer be undone, and no undo is still reading its changes. */
  private boolean isOver(ProductWriter writer) {
    Instant oldest = clock.instant().minus(properties.undoRetention());
    return jobs.find(writer.jobId())
            .map(Job::finishedAt)
            .filter(end -> end.isBefore(oldest))
            .isPresent()
        && undos.ofTarget(writer.jobId()).keySet().stream()
            .map(jobs::find)
            .flatMap(Optional::stream)
            .allMatch(undo -> undo.status().isFinished());
  }
}
