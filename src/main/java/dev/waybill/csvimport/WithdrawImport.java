package dev.waybill.csvimport;

import dev.waybill.job.ChunkWork;
import dev.waybill.job.Job;
import dev.waybill.job.JobRun;
import dev.waybill.product.ReverseProducts;
import dev.waybill.product.StoredChanges;
import dev.waybill.product.UndoPart;
import dev.waybill.product.Writing;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/**
 * Takes back the products that a running import has written, chunk by chunk, from the last chunk to
 * the first chunk. An import must take products back if the first pass of {@code
 * onError=reject-all} accepted enough rows, but too many rows were rejected when the second pass
 * wrote them. The rows that were taken back then count as skipped.
 *
 * <p>One transaction takes back a chunk and changes the journal row of the chunk, which then has no
 * accepted rows. So after a crash, the next attempt continues with the remaining chunks. If the
 * import is cancelled during this time, a user can undo it, and the undo reverses the remaining
 * chunks.
 */
@Component
@RequiredArgsConstructor
class WithdrawImport {

  private final ImportJobs imports;
  private final ImportStore store;
  private final ProductWriters writers;
  private final ReverseProducts reverse;
  private final StoredChanges changes;
  private final Clock clock;

  /**
   * Takes back all chunks.
   *
   * @return false if the import has replaced more values than the server keeps. In this case no
   *     chunk is taken back
   */
  boolean withdraw(JobRun run) {
    Optional<ProductWriter> writer = writers.find(run.job().id());
    if (writer.isEmpty()) {
      // The import has not written anything.
      return true;
    }
    if (writer.get().state() != ProductWriter.State.KEPT) {
      return false;
    }
    long next = Long.MAX_VALUE;
    Optional<ImportStore.JournalRow> chunk;
    while ((chunk = store.journalBefore(run.job().id(), next)).isPresent()) {
      withdraw(run, writer.get(), chunk.get());
      next = chunk.get().firstRow();
    }
    return true;
  }

  private void withdraw(JobRun run, ProductWriter writer, ImportStore.JournalRow chunk) {
    List<Outcomes.Accepted> accepted =
        Outcomes.unpack(chunk.firstRow(), chunk.outcomes(), 0, Integer.MAX_VALUE);
    if (accepted.isEmpty()) {
      return;
    }
    Writing writing = new Writing(writer.number(), chunk.firstRow(), Writing.NOTHING);
    UndoPart part =
        new UndoPart(
            run.job().id(),
            writing,
            writer.number(),
            chunk.firstRow(),
            writer.touched(),
            ChunksToUndo.created(accepted),
            List.of(),
            List.of(),
            false);
    run.commit(
        locked -> {
          reverse.withdraw(part);
          writers.add(writer, changes.sums(writing).negated());
          changes.delete(writing);
          store.forgetOutcomes(locked.id(), chunk.firstRow(), accepted.size());
          return new ChunkWork.Written(ImportView.of(skip(locked, accepted)), List.of(), null);
        });
  }

  private ImportJob skip(Job locked, List<Outcomes.Accepted> accepted) {
    Counts skipped = Outcomes.counts(accepted).asSkipped();
    long bytesRead = imports.inTransaction(locked).bytesRead();
    return imports.advance(locked, skipped, List.of(), bytesRead, clock.instant());
  }
}
