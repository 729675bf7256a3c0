package dev.waybill.csvimport;

import dev.waybill.job.ChunkWork;
import dev.waybill.job.Job;
import dev.waybill.job.JobFailure;
import dev.waybill.job.JobRun;
import dev.waybill.job.JobView;
import dev.waybill.job.Jobs;
import dev.waybill.job.QueuedKind;
import dev.waybill.product.ChangeSums;
import dev.waybill.product.ReverseProducts;
import dev.waybill.product.StoredChanges;
import dev.waybill.product.UndoCounts;
import dev.waybill.product.UndoPart;
import dev.waybill.product.Writing;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Reverses the changes that a job made, chunk by chunk, from the last chunk to the first chunk. One
 * transaction reverses a chunk and stores the progress of the undo. So the next attempt continues
 * at the chunk at which the last attempt ended.
 */
@Component
@RequiredArgsConstructor
class RunUndo implements QueuedKind {

  static final String KIND = "csv-undo";

  private final Jobs jobs;
  private final UndoJobs undos;
  private final ProductWriters writers;
  private final ChunksToUndo chunks;
  private final StoredChanges changes;
  private final ReverseProducts reverse;
  private final UndoneJobs undone;
  private final UndoMetrics metrics;
  private final UndoFailureWords words;
  private final Clock clock;

  @Override
  public String name() {
    return KIND;
  }

  @Override
  public JobView view(Job job) {
    return UndoView.of(undos.of(job)).with(undone.of(job));
  }

  @Override
  public List<JobView> listed(List<Job> listed) {
    Map<String, Undone> known = undone.of(listed);
    return undos.listed(listed).stream()
        .<JobView>map(view -> view.with(known.get(view.transactionId())))
        .toList();
  }

  @Override
  public FailureWords failureWords() {
    return words;
  }

  @Override
  public void begun(Job job) {
    undos.begin(job.id(), Objects.requireNonNull(job.attemptStartedAt()));
  }

  @Override
  public void run(JobRun run) {
    UndoJob undo = undos.of(run.job());
    Job target = jobs.find(undo.targetId()).orElseThrow(RunUndo::expired);
    Optional<ProductWriter> written = writers.find(target.id());
    if (written.isEmpty()) {
      // The job that is undone ended before it wrote anything.
      return;
    }
    ProductWriter targetWriter = written.get();
    ProductWriter writer = writers.register(undo.id(), run.job().caller(), targetWriter.touched());
    Map<Integer, Boolean> earlier = writers.ofUndos(target.id(), writer);
    List<Integer> standing =
        earlier.entrySet().stream()
            .filter(other -> !other.getValue())
            .map(Map.Entry::getKey)
            .toList();
    // In two cases, the undo must consider that it can find the same product twice. In the first
    // case, another import or undo ran at the same time as the target. Then it may have written a
    // product between two writes of the target to the same product. In the second case, there was
    // an earlier undo of the target. Then this undo may find a product that the earlier undo has
    // already handled.
    boolean mayRepeat =
        !earlier.isEmpty() || jobs.anyBeside(List.of(Imports.KIND, KIND), target, run.job());
    long next = undo.nextChunk();
    long part = undo.part();
    Optional<ChunksToUndo.ChunkToUndo> found;
    while ((found = chunks.before(target, targetWriter, next)).isPresent()) {
      ChunksToUndo.ChunkToUndo chunk = found.get();
      commit(
          run,
          undo.dryRun(),
          writer,
          new UndoPart(
              undo.id(),
              new Writing(writer.number(), ++part, Long.MAX_VALUE),
              targetWriter.number(),
              chunk.number(),
              targetWriter.touched(),
              chunk.created(),
              List.copyOf(earlier.keySet()),
              standing,
              mayRepeat),
          target.id());
      next = chunk.number();
    }
  }

  private void commit(
      JobRun run, boolean dryRun, ProductWriter writer, UndoPart part, String targetId) {
    UndoCounts[] committed = new UndoCounts[1];
    run.commit(
        locked -> {
          // Locks the target. ForgetChanges marks the changes of a job as expired before it deletes
          // them, and with the lock this transaction sees the mark.
          Optional<ProductWriter> target = writers.lock(targetId);
          if (target.isEmpty() || target.get().state() != ProductWriter.State.KEPT) {
            throw expired();
          }
          committed[0] = dryRun ? reverse.foresee(part) : reverse.reverse(part);
          ChangeSums stored = dryRun ? ChangeSums.NONE : stored(part.writing(), committed[0]);
          writers.add(writer, stored.plusBytes(UndoneProducts.bytes(committed[0], dryRun)));
          UndoJob now = undos.advance(locked, part.chunk(), committed[0], clock.instant());
          return new ChunkWork.Written(UndoView.of(now), List.of(), null);
        });
    if (!dryRun) {
      metrics.count(committed[0]);
    }
  }

  private ChangeSums stored(Writing writing, UndoCounts counts) {
    return counts.deleted() == counts.reversed()
        ? changes.deletionSums(writing)
        : changes.sums(writing);
  }

  private static JobFailure expired() {
    return new JobFailure(
        "expired",
        "What the job had replaced is no longer kept. What the undo has reversed so far stays so.",
        null);
  }

  @Override
  public void checkAccounts(Job job) {
    UndoJob undo = undos.of(job);
    UndoCounts counts = undo.counts();
    long listed = undos.listedProducts(job.id());
    long changed = writers.changes(job.id());
    long reversed = undo.dryRun() ? 0 : counts.reversed();
    if (changed != reversed || listed != counts.products() - reversed) {
      throw new IllegalStateException(
          "undo %s: counters %s differ from %d changes and %d products"
              .formatted(job.id(), counts, changed, listed));
    }
  }

  @Override
  public void forget(String jobId) {
    writers.delete(jobId);
    undos.delete(jobId);
  }

  @Override
  public List<String> jobsWithRecords(String after, int limit) {
    return Stream.of(undos.idsAfter(after, limit), writers.idsAfter(after, limit))
        .flatMap(List::stream)
        .sorted()
        .distinct()
        .limit(limit)
        .toList();
  }
}
