package dev.waybill.csvimport;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.waybill.job.Job;
import dev.waybill.job.JobStatus;
import dev.waybill.job.JobView;
import dev.waybill.product.UndoCounts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An undo in the form in which clients see it, as JSON.
 *
 * @param undoes the transaction ID of the job that is undone
 * @param fileName the file of the import that is undone; if an undo is undone, the file of the
 *     first import
 * @param redo whether the undo restores the values of an import that was undone
 * @param undone the undo of this undo; null, and absent in JSON, if this undo was not undone
 * @param done the progress of the undo. The progress is the number of the next chunk of the target
 *     at the start, minus the number of the next chunk now. Chunks are undone in descending order
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record UndoView(
    String transactionId,
    String kind,
    JobStatus status,
    int attempt,
    String undoes,
    @Nullable String fileName,
    boolean dryRun,
    boolean redo,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Undone undone,
    double percent,
    Products counts,
    @Nullable Long productsPerSecond,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer queuePosition,
    boolean cancelRequested,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @JsonRawValue @Nullable String error,
    Links links,
    @JsonIgnore long done)
    implements JobView {

  /**
   * The number of products for each result so far.
   *
   * @param deleted the number of reversed products that were deleted
   * @param recreated the number of reversed products that were created again
   */
  record Products(
      long products, long reversed, long kept, long missing, long deleted, long recreated) {}

  /** Links to other resources of this job, as paths on this server. */
  record Links(
      String self, String events, String undoes, String reversed, String kept, String missing) {}

  /** The data of a {@code progress} event: the part of the job that changes while it runs. */
  record Progress(
      JobStatus status,
      int attempt,
      double percent,
      Products counts,
      @Nullable Long productsPerSecond) {}

  static UndoView of(UndoJob undo) {
    Job job = undo.job();
    String self = "/api/jobs/" + job.id();
    UndoCounts counts = undo.counts();
    return new UndoView(
        job.id(),
        job.kind(),
        job.status(),
        job.attempt(),
        undo.targetId(),
        job.title(),
        undo.dryRun(),
        undo.redo(),
        null,
        percent(undo),
        new Products(
            counts.products(),
            counts.reversed(),
            counts.kept(),
            counts.missing(),
            counts.deleted(),
            counts.recreated()),
        pace(undo),
        null,
        job.cancelRequested(),
        job.createdAt(),
        job.startedAt(),
        job.finishedAt(),
        job.error(),
        new Links(
            self,
            self + "/events",
            "/api/jobs/" + undo.targetId(),
            self + "/reversed",
            self + "/kept",
            self + "/missing"),
        undo.startChunk() - undo.nextChunk());
  }

  private static double percent(UndoJob undo) {
    if (undo.job().status() == JobStatus.COMPLETED) {
      return 100;
    }
    // Rounds the result down to one decimal place, so that only a completed job has 100.
    long all = Math.max(1, undo.startChunk() - 1);
    long permille = (undo.startChunk() - undo.nextChunk()) * 1000 / all;
    return Math.min(99.9, permille / 10.0);
  }

  private static @Nullable Long pace(UndoJob undo) {
    Job job = undo.job();
    Instant from = job.status().isFinished() ? job.startedAt() : job.attemptStartedAt();
    Instant to = job.status().isFinished() ? job.finishedAt() : undo.updatedAt();
    long products =
        undo.counts().products() - (job.status().isFinished() ? 0 : undo.attemptStartProducts());
    if (from == null || to == null || to.isBefore(from) || products == 0) {
      return null;
    }
    // The duration counts as at least one millisecond, because clocks have a coarse resolution.
    return products * 1000 / Math.max(1, to.toEpochMilli() - from.toEpochMilli());
  }

  @Override
  public long position() {
    return done;
  }

  @Override
  public UndoView listed() {
    return this;
  }

  @Override
  public UndoView inEvent() {
    return this;
  }

  @Override
  public UndoView at(@Nullable Integer place) {
    return copy(undone, productsPerSecond, place);
  }

  @Override
  public UndoView withoutPace() {
    return copy(undone, null, null);
  }

  @Override
  public Progress progress() {
    return new Progress(status, attempt, percent, counts, productsPerSecond);
  }

  UndoView with(@Nullable Undone undone) {
    return copy(undone, productsPerSecond, queuePosition);
  }

  private UndoView copy(@Nullable Undone undone, @Nullable Long pace, @Nullable Integer place) {
    return new UndoView(
        transactionId,
        kind,
        status,
        attempt,
        undoes,
        fileName,
        dryRun,
        redo,
        undone,
        percent,
        counts,
        pace,
        place,
        cancelRequested,
        createdAt,
        startedAt,
        finishedAt,
        error,
        links,
        done);
  }
}
