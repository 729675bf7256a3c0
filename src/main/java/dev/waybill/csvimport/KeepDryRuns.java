package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import java.time.Clock;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Keeps the file of a completed dry run for a while, so that it can be imported. */
@Component
@RequiredArgsConstructor
class KeepDryRuns {

  private final ImportJobs imports;
  private final KeptFiles keptFiles;
  private final TransactionOperations transactions;
  private final Clock clock;

  /** Returns whether the file of this job, which has ended, is to stay. */
  boolean keep(Job job) {
    String caller = job.caller();
    if (job.status() != JobStatus.COMPLETED || caller == null) {
      return false;
    }
    ImportJob imported = imports.of(job);
    if (!imported.dryRun()) {
      return false;
    }
    transactions.executeWithoutResult(
        _ ->
            keptFiles.insertDryRun(
                job.id(), caller, imported.fileName(), imported.storedBytes(), clock.instant()));
    // The end of a job may be announced again, when its file is gone.
    return keptFiles.isKept(job.id());
  }
}
