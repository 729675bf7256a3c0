package dev.waybill.upload;

import dev.waybill.access.Caller;
import dev.waybill.csv.RecordProperties;
import dev.waybill.csvimport.Imports;
import dev.waybill.csvimport.NewImport;
import dev.waybill.file.StoredFiles;
import dev.waybill.idempotency.IdempotencyKeys;
import dev.waybill.idempotency.IdempotencyKeys.Answered;
import dev.waybill.idempotency.IdempotencyKeys.Granted;
import dev.waybill.job.JobView;
import dev.waybill.job.Jobs;
import dev.waybill.problem.Problem;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/** Creates a job for a file that was received completely, or refuses the file. */
@Component
@RequiredArgsConstructor
@Slf4j
class AcceptUpload {

  /**
   * The caller of the generated uploads of the warm-up after the start. The jobs of these uploads
   * are never committed.
   */
  private static final Caller NOBODY = new Caller("warm-up");

  private final QueueLimits queueLimits;
  private final UnpackFile unpackFile;
  private final RecordProperties recordProperties;
  private final StoredFiles files;
  private final Jobs jobs;
  private final Imports imports;
  private final TransactionOperations transactions;
  private final JsonMapper json;

  /**
   * Checks the file, stores it, and commits the job together with the idempotency key.
   *
   * @param fingerprint the fingerprint of the request
   * @param beforeWrite gets the number of bytes before each write, and may refuse the write
   * @throws Problem if the file cannot be imported, or the queue is full
   */
  Answered accept(
      ReceivedFile sent,
      UploadParameters parameters,
      String fingerprint,
      Caller caller,
      Granted claim,
      IntConsumer beforeWrite) {
    try (UnpackFile.Unpacked unpacked = unpackFile.unpack(sent, parameters.sheet(), beforeWrite)) {
      return accept(unpacked.file(), parameters, fingerprint, caller, claim);
    }
  }

  private Answered accept(
      ReceivedFile file,
      UploadParameters parameters,
      String fingerprint,
      Caller caller,
      Granted claim) {
    FileCheck check = check(file, parameters);
    NewImport job =
        new NewImport(
            jobs.newTransactionId(),
            file.name(),
            parameters.dryRun(),
            file.size(),
            file.draft().size(),
            file.sha256(),
            check.format().charset().name(),
            check.format().delimiter().word(),
            check.format().shape(),
            check.plan(),
            parameters.policy(),
            parameters.parent());
    queueLimits.refuseWhenFull(caller);
    // Stores the file before the commit. A pod may pick the job immediately after the commit, and
    // then it needs the file.
    keep(file, job.id());
    AtomicBoolean mayBeCommitted = new AtomicBoolean();
    try {
      return transactions.execute(
          _ -> {
            // Checks the limit again, because the queue may have become full after the first check.
            queueLimits.refuseWhenFull(caller);
            JobView born = imports.enqueue(job, parameters.callbackUrl(), caller);
            Answered answer = new Answered(fingerprint, job.id(), json.writeValueAsString(born));
            claim.answer(answer);
            mayBeCommitted.set(true);
            return answer;
          });
    } catch (RuntimeException | Error failure) {
      // Deletes the file only if no commit was attempted. A commit that reports a failure may still
      // have succeeded, and then the job needs its file. If the commit did not succeed, SweepFiles
      // deletes the file later.
      if (!mayBeCommitted.get()) {
        discard(job.id(), failure);
      }
      throw failure;
    }
  }

  /** Does the same as {@link #accept}, but rolls the transaction back at the end. */
  void rehearse(ReceivedFile file, UploadParameters parameters) {
    transactions.executeWithoutResult(
        transaction -> {
          accept(
              file,
              parameters,
              Fingerprint.of(file, parameters),
              NOBODY,
              IdempotencyKeys.NONE,
              _ -> {});
          transaction.setRollbackOnly();
        });
  }

  private FileCheck check(ReceivedFile file, UploadParameters parameters) {
    try {
      return FileCheck.of(file.text(), parameters, recordProperties.limits());
    } catch (IOException e) {
      throw StorageProblems.unusable(e);
    }
  }

  private static void keep(ReceivedFile file, String id) {
    try {
      file.draft().keepAs(id);
    } catch (IOException e) {
      throw StorageProblems.unusable(e);
    }
  }

  private void discard(String id, Throwable refusal) {
    try {
      files.delete(id);
    } catch (IOException e) {
      log.warn(
          "Could not delete the file of a refused upload ({}). The sweeper deletes it later",
          id,
          e);
      refusal.addSuppressed(e);
    }
  }
}
