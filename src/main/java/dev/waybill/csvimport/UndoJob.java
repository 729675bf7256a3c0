package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.product.UndoCounts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The data that an undo has in addition to the common fields of a job, as stored at one moment.
 *
 * @param targetId the transaction ID of the job that is undone
 * @param redo whether the undo restores the values of an import, because the job that is undone has
 *     itself undone this import
 * @param nextChunk the chunks of the target from this number on are already reversed
 * @param startChunk the first value of {@code nextChunk}
 * @param part the number of committed parts of the undo
 * @param attemptStartProducts the number of products that were done when the last attempt started
 */
record UndoJob(
    Job job,
    String targetId,
    boolean dryRun,
    boolean redo,
    long nextChunk,
    long startChunk,
    long part,
    UndoCounts counts,
    @Nullable Instant updatedAt,
    long attemptStartProducts) {

  String id() {
    return job.id();
  }
}
