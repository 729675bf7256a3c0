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
    Job last = null;
    List<Job> old;
    do {
      old = store.finishedBefore(before, last, BATCH);
      for (Job job : old) {
        if (worker.isStopping()) {
          return;
        }
        forget(job);
        last = job;
      }
    } while (old.size() == BATCH);
  }

  private void forget(Job job) {
    try {
      // The job last: a crash in between leaves it to the next round.
      kinds.of(job).forget(job);
      store.delete(job.id());
      forgotten.increment();
    } catch (RuntimeException e) {
      // Of a kind that only another version knows, say. The others must not stay for its sake.
      log.warn("Job {} is past its retention but cannot be forgotten: {}", job.id(), e.toString());
    }
  }
}
