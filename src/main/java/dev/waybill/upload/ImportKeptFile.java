package dev.waybill.upload;

import dev.waybill.access.Access;
import dev.waybill.access.Caller;
import dev.waybill.csv.RecordProperties;
import dev.waybill.csvimport.Imports;
import dev.waybill.csvimport.KeptFile;
import dev.waybill.csvimport.KeptFiles;
import dev.waybill.csvimport.NewImport;
import dev.waybill.file.DiskFullException;
import dev.waybill.file.StoredFiles;
import dev.waybill.job.Job;
import dev.waybill.job.JobView;
import dev.waybill.job.Jobs;
import dev.waybill.problem.Problem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates a job from a file that is already stored. The job gets its own copy of the file. If
 * several requests want to create a job from the same file at the same time, only one of them
 * creates the job. All these requests get the same answer.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class ImportKeptFile {

  private final Previews previews;
  private final ReadPreview readPreview;
  private final KeptFiles keptFiles;
  private final StoredFiles files;
  private final Jobs jobs;
  private final Imports imports;
  private final QueueLimits queueLimits;
  private final RecordProperties recordProperties;
  private final TransactionOperations transactions;
  private final JsonMapper json;
  private final Clock clock;

  /** Queues a job in the open transaction. The job's copy of the file is already stored. */
  private interface Enqueue {
    JobView enqueue(String jobId, Caller caller);
  }

  /**
   * Imports the file of a preview. For each preview, at most one dry run and one real import are
   * created.
   *
   * @throws Problem 404, 410, 422 as for an upload, 429 or 503; 422 {@code callback}
   */
  KeptFile.Used ofPreview(String id, boolean dryRun, @Nullable String callbackUrl, Access access)
      throws IOException {
    while (true) {
      KeptFile kept = previews.find(id, access);
      if (kept.isExpired(clock.instant())) {
        throw PreviewProblems.expired();
      }
      checkCallback(callbackUrl, kept);
      KeptFile.Used used = kept.used(dryRun);
      if (used == null) {
        Checked checked = check(kept);
        used =
            make(
                    kept,
                    dryRun,
                    (jobId, caller) -> enqueue(kept, checked, dryRun, callbackUrl, jobId, caller))
                .orElse(null);
      }
      // The result is null if the settings of the preview were changed after the check. In this
      // case, the loop checks the new settings.
      if (used != null) {
        return used;
      }
    }
  }

  /** The result of a successful check: the file can be imported with its caller's settings. */
  private record Checked(FileCheck check, UploadParameters parameters) {}

  private Checked check(KeptFile kept) throws IOException {
    UploadParameters parameters =
        UploadParameters.of(json.readValue(kept.settings(), Settings.class));
    try {
      return new Checked(
          FileCheck.of(
              readPreview.textFile(kept, parameters), parameters, recordProperties.limits()),
          parameters);
    } catch (NoSuchFileException e) {
      throw PreviewProblems.expired();
    }
  }

  private JobView enqueue(
      KeptFile kept,
      Checked checked,
      boolean dryRun,
      @Nullable String callbackUrl,
      String jobId,
      Caller caller) {
    FileCheck check = checked.check();
    return imports.enqueue(
        new NewImport(
            jobId,
            kept.fileName(),
            dryRun,
            readPreview.evidence(kept).sent(),
            kept.bytes(),
            readPreview.evidence(kept).sha256(),
            check.format().charset().name(),
            check.format().delimiter().word(),
            check.format().shape(),
            check.plan(),
            checked.parameters().policy(),
            checked.parameters().parent()),
        callbackUrl,
        caller);
  }

  /**
   * Imports the file of a dry run.
   *
   * @throws Problem 404, 409 {@code job-running} or {@code not-a-dry-run}, 410 {@code expired}, 429
   *     or 503; 422 {@code callback}
   */
  KeptFile.Used ofDryRun(String id, @Nullable String callbackUrl, Access access)
      throws IOException {
    Job job = jobs.get(id);
    if (!imports.isDryRun(job)) {
      throw PreviewProblems.noDryRun();
    }
    if (!job.status().isFinished()) {
      throw PreviewProblems.jobRunning();
    }
    Optional<KeptFile> found = keptFiles.find(id);
    if (found.isEmpty()) {
      // Marks the file as kept. The dry run has just ended, and its file is not yet marked.
      imports.keepFileOf(job);
      found = keptFiles.find(id);
    }
    KeptFile kept =
        found
            .filter(file -> access.owns(file.caller()) && !file.isExpired(clock.instant()))
            .orElseThrow(PreviewProblems::expired);
    checkCallback(callbackUrl, kept);
    KeptFile.Used used = kept.imported();
    // The settings of a dry run cannot change, so the result of make is never empty.
    return used == null
        ? make(kept, false, (jobId, caller) -> imports.enqueueAfter(id, jobId, callbackUrl, caller))
            .orElseThrow()
        : used;
  }

  /**
   * Checks the callback URL for the caller to whom the file belongs. The job belongs to this caller
   * even if an admin starts the job. So the secret of this caller will sign the callback.
   */
  private void checkCallback(@Nullable String callbackUrl, KeptFile kept) {
    jobs.checkCallback(callbackUrl, new Caller(kept.caller()));
  }

  /**
   * Returns the job that this request or a concurrent request has created. Empty if the settings
   * have changed after the check.
   */
  private Optional<KeptFile.Used> make(KeptFile kept, boolean dryRun, Enqueue enqueue) {
    Caller caller = new Caller(kept.caller());
    queueLimits.refuseWhenFull(caller);
    String jobId = jobs.newTransactionId();
    copy(kept.id(), jobId);
    AtomicBoolean mayBeCommitted = new AtomicBoolean();
    try {
      return Objects.requireNonNull(
          transactions.execute(
              _ -> {
                KeptFile locked =
                    keptFiles.use(kept.id(), clock.instant()).orElseThrow(PreviewProblems::expired);
                KeptFile.Used used = locked.used(dryRun);
                if (used != null || !locked.settings().equals(kept.settings())) {
                  return Optional.ofNullable(used);
                }
                queueLimits.refuseWhenFull(caller);
                JobView born = enqueue.enqueue(jobId, caller);
                KeptFile.Used made = new KeptFile.Used(jobId, json.writeValueAsString(born));
                keptFiles.saveUse(kept.id(), dryRun, made);
                mayBeCommitted.set(true);
                return Optional.of(made);
              }));
    } finally {
      // Deletes the copy of the file only if no commit was attempted. A commit that reports a
      // failure may still have succeeded, and then the job needs its file.
      if (!mayBeCommitted.get()) {
        discard(jobId);
      }
    }
  }

  private void copy(String id, String jobId) {
    try {
      files.copy(id, jobId);
    } catch (NoSuchFileException e) {
      throw PreviewProblems.expired();
    } catch (DiskFullException e) {
      throw StorageProblems.diskFull(e);
    } catch (IOException e) {
      throw StorageProblems.unusable(e);
    }
  }

  private void discard(String jobId) {
    try {
      files.delete(jobId);
    } catch (IOException e) {
      log.warn("Could not delete a file that no job needs. The sweeper deletes it later", e);
    }
  }
}
