package dev.waybill.csvimport;

import dev.waybill.job.Job;
import java.time.Clock;
import java.time.Duration;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/** Determines the time for which the changes of a job are kept after the end of the job. */
@Component
@RequiredArgsConstructor
class ChangeRetention {

  private final ImportProperties properties;
  private final ChangesProperties changes;
  private final Clock clock;

  /**
   * Whether the retention time of the finished job is over, so that its changes are no longer kept.
   */
  boolean isOver(Job job, boolean dryRun) {
    Duration kept = dryRun ? changes.dryRunRetention() : properties.undoRetention();
    return job.finishedAt() != null && job.finishedAt().plus(kept).isBefore(clock.instant());
  }
}
