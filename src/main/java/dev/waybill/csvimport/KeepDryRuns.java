package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import java.time.Clock;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Keeps the file of a completed dry run for some time, so that a user can import the file. */
@Component
@RequiredArgsConstructor
class KeepDryRuns {

  private final ImportJobs imports;
  private final KeptFiles keptFiles;
  private final TransactionOperations transactions;
  private final Clock clock;

  /**
   * Keeps the file of an ended job if the job is a completed dry run. Returns whether the file is
   * kept.
   */
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
    // Checks whether the file is still kept, because this method may run again for the same job
    // after the file was deleted.
    return keptFiles.isKept(job.id());
  }
}
