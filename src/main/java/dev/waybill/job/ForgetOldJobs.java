package dev.waybill.job;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import lombok.extern.slf4j.Slf4j;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes finished jobs after their retention. Every pod searches for jobs that are past their
 * retention. Only one pod deletes the row of a job. This pod then counts the job and deletes the
 * job's records. If this pod stops before it has deleted all records, {@link SweepOrphans} deletes
 * the remaining records.
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
    Optional<JobKind> kind = kinds.find(job);
    if (kind.isEmpty()) {
      log.debug("Job {} of unknown kind {} is past its retention", job.id(), job.kind());
      return;
    }
    try {
      if (store.delete(job.id())) {
        forgotten.increment();
        kind.get().forget(job.id());
        kinds.otherRecords().forEach(records -> records.forget(job.id()));
      }
    } catch (RuntimeException e) {
      // If deleting one job fails, the other jobs must still be deleted.
      log.warn("Job {} is past its retention but cannot be forgotten: {}", job.id(), e.toString());
    }
  }
}
