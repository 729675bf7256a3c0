package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import dev.waybill.job.Jobs;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finds out how jobs were undone. An undo may itself be undone, so the undos of a job form a chain
 * in which each job undoes the previous job. Failed and cancelled undos are not part of the chain.
 */
@Component
@RequiredArgsConstructor
class UndoneJobs {

  private final Jobs jobs;
  private final UndoJobs undos;

  /** The undo of this job; null if this job was not undone. */
  @Nullable Undone of(Job job) {
    return of(List.of(job)).get(job.id());
  }

  /**
   * The undos of these jobs, by the transaction IDs of the jobs. Contains only jobs that were
   * undone.
   */
  Map<String, Undone> of(Collection<Job> asked) {
    List<String> finished =
        asked.stream().filter(job -> job.status().isFinished()).map(Job::id).toList();
    Map<String, String> targets = finished.isEmpty() ? Map.of() : undos.targets(finished);
    if (targets.isEmpty()) {
      return Map.of();
    }
    Map<String, Job> undoOf = new HashMap<>();
    jobs.find(targets.keySet()).stream()
        .filter(undo -> undo.status() != JobStatus.FAILED && undo.status() != JobStatus.CANCELLED)
        .forEach(undo -> undoOf.put(Objects.requireNonNull(targets.get(undo.id())), undo));
    Map<String, Undone> undone = new HashMap<>();
    for (String id : finished) {
      Undone found = endOfChain(id, undoOf);
      if (found != null) {
        undone.put(id, found);
      }
    }
    return undone;
  }

  private static @Nullable Undone endOfChain(String id, Map<String, Job> undoOf) {
    Undone undone = null;
    Job undo = undoOf.get(id);
    while (undo != null) {
      Job redo = undoOf.get(undo.id());
      undone =
          redo == null
              ? new Undone(undo.id(), undo.finishedAt(), null, null)
              : new Undone(undo.id(), undo.finishedAt(), redo.id(), redo.finishedAt());
      undo = redo == null ? null : undoOf.get(redo.id());
    }
    return undone;
  }
}
