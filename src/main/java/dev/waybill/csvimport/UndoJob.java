package dev.waybill.csvimport;

import dev.waybill.job.Job;
import dev.waybill.product.UndoCounts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an undo has beside the common fields of a job, as it stands in the database at one moment.
 *
 * @param targetId the transaction ID of the job that is taken back
 * @param nextChunk the chunks of the target from this one on are done
 * @param startChunk the first value of {@code nextChunk}
 * @param part how many parts are committed
 * @param attemptStartProducts how many products were done when the last attempt began
 */
record UndoJob(
    Job job,
    String targetId,
    boolean dryRun,
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
