package dev.waybill.job;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes finished jobs after their retention. Every pod does it: what is gone twice is gone once.
 */
@Slf4j
@Component
class ForgetOldJobs {

  private static final int BATCH = 100;

  private final JobStore store;
  private final JobKinds kinds;
  private final JobWorker worker;
  private final JobsProperties properties;
  private final Clock clock;
  private final Counter forgotten;

  ForgetOldJobs(
      JobStore store,
      JobKinds kinds,
      JobWorker worker,
      JobsProperties properties,
      Clock clock,
      MeterRegistry registry) {
    this.store = store;
    this.kinds = kinds;
    this.worker = worker;
    this.properties = properties;
    this.clock = clock;
    this.forgotten =
        Counter.builder("waybill.jobs.forgotten")
            .description("Jobs deleted after their retention")
            .register(registry);
  }

  @Scheduled(initialDelay = 1, fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
  void forgetOldJobs() {
    Instant before = clock.instant().minus(properties.retention());
    List<Job> old;
    do {
      old = store.finishedBefore(before, BATCH);
      for (Job job : old) {
        if (worker.isStopping()) {
          return;
        }
        // The job last: a crash in between leaves it to the next round.
        kinds.of(job).forget(job);
        store.delete(job.id());
        forgotten.increment();
      }
    } while (old.size() == BATCH);
  }
}
