package dev.waybill.upload;

import dev.waybill.csvimport.KeptFiles;
import dev.waybill.file.StoredFiles;
import dev.waybill.job.Jobs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes files that no job or preview needs. A file can remain without an owner if a crash
 * interrupts an upload, or if the file cannot be deleted at the end of its job.
 */
@Slf4j
@Component
class SweepFiles {

  /**
   * The minimum age of a file that may be deleted. This age is longer than the maximum duration of
   * an upload: {@code waybill.upload.max-time} is at most 12 h.
   */
  private static final Duration AGE = Duration.ofHours(24);

  private final StoredFiles files;
  private final Jobs jobs;
  private final KeptFiles keptFiles;
  private final Clock clock;
  private final Counter swept;

  SweepFiles(
      StoredFiles files, Jobs jobs, KeptFiles keptFiles, Clock clock, MeterRegistry registry) {
    this.files = files;
    this.jobs = jobs;
    this.keptFiles = keptFiles;
    this.clock = clock;
    this.swept =
        Counter.builder("waybill.files.swept")
            .description("Stored files removed that no job owned")
            .register(registry);
  }

  private boolean isNeeded(String id) {
    return jobs.isUnfinished(id) || keptFiles.isKept(id);
  }

  @Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
  void sweep() {
    try {
      int removed = files.sweep(clock.instant().minus(AGE), this::isNeeded);
      if (removed > 0) {
        log.info("Removed {} stored files that no job owned", removed);
        swept.increment(removed);
      }
    } catch (IOException e) {
      log.warn("Cannot sweep the stored files", e);
    }
  }
}
