package dev.waybill.job;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes records whose job no longer exists. Such records remain if a pod stopped while it was
 * deleting an old job.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class SweepOrphans {

  private static final int BATCH = 500;

  private final JobStore store;
  private final JobKinds kinds;
  private final JobWorker worker;

  @Scheduled(initialDelay = 5, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
  void sweep() {
    kinds.all().forEach(this::sweep);
    kinds.otherRecords().forEach(this::sweep);
  }

  private void sweep(JobRecords records) {
    String last = "";
    List<String> ids;
    do {
      ids = records.jobsWithRecords(last, BATCH);
      // Reads the jobs after the records. A record is never committed before its job. So if the job
      // of a record is missing in this read, the job was deleted.
      Set<String> jobs = store.existing(ids);
      for (String id : ids) {
        if (worker.isStopping()) {
          return;
        }
        if (!jobs.contains(id)) {
          log.info("Deleting the records of job {}, which is gone", id);
          records.forget(id);
        }
        last = id;
      }
    } while (ids.size() == BATCH);
  }
}
