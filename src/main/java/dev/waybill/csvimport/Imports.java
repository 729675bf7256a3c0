package dev.waybill.csvimport;

import dev.waybill.access.Caller;
import dev.waybill.job.Job;
import dev.waybill.job.JobView;
import dev.waybill.job.Jobs;
import dev.waybill.job.NewJob;
import dev.waybill.product.ReadingRules;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Creates imports for other packages. Thread-safe. */
@Service
@RequiredArgsConstructor
public class Imports {

  static final String KIND = "csv-import";

  private final Jobs jobs;
  private final ImportJobs store;
  private final KeptFiles keptFiles;
  private final KeepDryRuns keepDryRuns;

  /**
   * Stores an import and queues it for its caller, in the open transaction.
   *
   * @param callbackUrl the address to which the end of the job is posted, or null
   */
  public JobView enqueue(NewImport created, @Nullable String callbackUrl, Caller caller) {
    Job job =
        jobs.enqueue(new NewJob(created.id(), KIND, KIND, created.fileName(), callbackUrl), caller);
    String file = SameFile.of(caller, created.sha256());
    NewImport noticed =
        store
            .importOf(file, created.id())
            .map(before -> created.with(SameFile.notice(before)))
            .orElse(created);
    store.insert(noticed, file);
    return ImportView.of(store.inTransaction(job));
  }

  /**
   * Stores an import of the file of a dry run and queues it, in the open transaction. The import
   * reads the file in the same way as the dry run.
   */
  public JobView enqueueAfter(
      String dryRunId, String newId, @Nullable String callbackUrl, Caller caller) {
    ImportJob dryRun = store.inTransaction(jobs.get(dryRunId));
    Job job = jobs.enqueue(new NewJob(newId, KIND, KIND, dryRun.fileName(), callbackUrl), caller);
    store.insertCopy(newId, dryRunId);
    return ImportView.of(store.inTransaction(job));
  }

  /**
   * Records that the file of a completed dry run is kept. This method is needed if the dry run has
   * ended but its file is not yet recorded as kept. Does nothing if the file is already recorded.
   */
  public void keepFileOf(Job dryRun) {
    keepDryRuns.keep(dryRun);
  }

  /**
   * The rules by which an import reads its file, and the treatment of its rejected rows. Another
   * import can use these rules for a file with the same columns.
   *
   * @param columns the use of each column by its name: a field, null for an attribute, {@link
   *     NewImport#IGNORED} for a column that is not imported
   */
  public record Reading(
      Map<String, @Nullable String> columns, ReadingRules rules, ImportPolicy policy) {}

  /** The rules by which a job reads its file; empty if the job is not an import. */
  public Optional<Reading> reading(Job job) {
    if (!job.family().equals(KIND)) {
      return Optional.empty();
    }
    ImportJob imported = store.of(job);
    return Optional.of(new Reading(imported.mapping(), imported.plan().rules(), imported.policy()));
  }

  /** Whether a job is an import that is a dry run. */
  public boolean isDryRun(Job job) {
    return job.family().equals(KIND) && store.of(job).dryRun();
  }

  /**
   * The number of bytes of uploaded files for each caller, by the caller's ID. Includes the files
   * of unfinished imports, of previews and of dry runs. If several files share the same bytes,
   * these bytes are counted one time.
   */
  public Map<String, Long> storedBytes() {
    Map<String, String> callers = jobs.callersOfUnfinished(KIND);
    KeptFiles.Bytes kept = keptFiles.bytes();
    callers.keySet().removeAll(kept.sharing());
    Map<String, Long> bytes = new HashMap<>(kept.bytes());
    store
        .storedBytes(callers.keySet())
        .forEach((id, total) -> bytes.merge(callers.getOrDefault(id, ""), total, Long::sum));
    return bytes;
  }
}
