package dev.waybill.csvimport;

import dev.waybill.access.Caller;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import dev.waybill.job.JobView;
import dev.waybill.job.Jobs;
import dev.waybill.job.NewJob;
import dev.waybill.problem.Problem;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Queues the undo of a job. A job is undone at most one time. If an undo failed or was cancelled,
 * the next undo continues it.
 */
@Component
@RequiredArgsConstructor
class StartUndo {

  private final Jobs jobs;
  private final ImportJobs imports;
  private final UndoJobs undos;
  private final ProductWriters writers;
  private final ChangeRetention retention;
  private final TransactionOperations transactions;

  /**
   * Queues an undo. If a dry run is requested while a dry run for the same job is waiting or
   * running, returns the existing dry run.
   *
   * @throws Problem 404 {@code job-unknown}; 409 {@code job-running}, {@code nothing-to-undo} or
   *     {@code already-undone}; 410 {@code expired}
   */
  JobView start(String targetId, boolean dryRun, Caller caller) {
    return Objects.requireNonNull(transactions.execute(_ -> startLocked(targetId, dryRun, caller)));
  }

  private JobView startLocked(String targetId, boolean dryRun, Caller caller) {
    // With this lock, only one request at a time can start an undo of the same job.
    Optional<ProductWriter> writer = writers.lock(targetId);
    Job target = jobs.get(targetId);
    long end = refuseUnlessUndoable(target, writer);
    Map<String, Boolean> before = undos.ofTarget(targetId);
    List<Job> real = jobsOf(before, false);
    real.stream()
        .filter(job -> !hasFailed(job))
        .findFirst()
        .ifPresent(
            job -> {
              throw alreadyUndone(job);
            });
    if (dryRun) {
      Optional<Job> running =
          jobsOf(before, true).stream().filter(job -> !job.status().isFinished()).findFirst();
      if (running.isPresent()) {
        return UndoView.of(undos.inTransaction(running.get()));
      }
    }
    Job job =
        jobs.enqueue(
            new NewJob(
                jobs.newTransactionId(),
                RunUndo.KIND,
                RunUndo.KIND,
                Objects.requireNonNullElse(target.title(), "")),
            caller);
    undos.insert(job.id(), targetId, dryRun, takesOutOfForce(target), start(real, end));
    return UndoView.of(undos.inTransaction(job));
  }

  /**
   * Throws a problem if the target cannot be undone. Otherwise returns a number that is higher than
   * the numbers of all its chunks.
   */
  private long refuseUnlessUndoable(Job target, Optional<ProductWriter> writer) {
    boolean isUndo = target.family().equals(RunUndo.KIND);
    if (!isUndo && !target.family().equals(Imports.KIND)) {
      throw nothingToUndo("This job writes no products.");
    }
    if (!target.status().isFinished()) {
      throw Problem.of(
          HttpStatus.CONFLICT,
          "job-running",
          "The job is still running",
          "Only a finished job can be undone. Cancel it, or wait for its end.");
    }
    long end;
    boolean dry;
    if (isUndo) {
      UndoJob undo = undos.of(target);
      dry = undo.dryRun();
      end = undo.part() + 1;
    } else {
      ImportJob imported = imports.of(target);
      dry = imported.dryRun();
      end = imported.counts().rows() + 1;
    }
    if (dry) {
      throw nothingToUndo("A dry run changes no product.");
    }
    refuseExpired(target, writer, end > 1);
    return end;
  }

  /** Whether the values of an import are no longer in the products after this job. */
  private boolean takesOutOfForce(Job target) {
    return target.family().equals(RunUndo.KIND) && !undos.of(target).redo();
  }

  private void refuseExpired(Job target, Optional<ProductWriter> writer, boolean hasWork) {
    if (retention.isOver(target, false)
        || (writer.isEmpty() ? hasWork : writer.get().state() == ProductWriter.State.EXPIRED)) {
      throw expired("What the job had replaced is no longer kept.");
    }
    if (writer.isPresent() && writer.get().state() == ProductWriter.State.CUT) {
      throw expired("The job has replaced more than the server keeps.");
    }
  }

  private List<Job> jobsOf(Map<String, Boolean> undosOfTarget, boolean dryRun) {
    return undosOfTarget.entrySet().stream()
        .filter(undo -> undo.getValue() == dryRun)
        .flatMap(undo -> jobs.find(undo.getKey()).stream())
        .sorted(Comparator.comparing(Job::createdAt).reversed())
        .toList();
  }

  private static boolean hasFailed(Job job) {
    return job.status() == JobStatus.CANCELLED || job.status() == JobStatus.FAILED;
  }

  /**
   * The chunk at which an undo starts. The new undo continues at the chunk at which the last undo
   * stopped, because the products that the last undo reversed no longer have values of the target.
   * If the last undo was itself undone, the new undo starts again with the last chunk of the
   * target.
   */
  private long start(List<Job> stopped, long end) {
    return stopped.stream()
        .findFirst()
        .filter(last -> jobsOf(undos.ofTarget(last.id()), false).isEmpty())
        .map(last -> undos.of(last).nextChunk())
        .orElse(end);
  }

  static Problem expired(String detail) {
    return Problem.of(HttpStatus.GONE, "expired", "No longer kept", detail);
  }

  private static Problem nothingToUndo(String detail) {
    return Problem.of(HttpStatus.CONFLICT, "nothing-to-undo", "Nothing to undo", detail);
  }

  private static Problem alreadyUndone(Job undo) {
    Problem problem =
        Problem.of(
            HttpStatus.CONFLICT,
            "already-undone",
            "The job is undone already",
            "The undo has the transaction ID %s.".formatted(undo.id()));
    problem.getBody().setProperty("transactionId", undo.id());
    return problem;
  }
}
