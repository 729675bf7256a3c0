package dev.waybill.worker;

import org.jspecify.annotations.Nullable;

/**
 * What a job of others has beside the common fields, as it stands in the database at one moment.
 *
 * @param silence how long its worker may be silent, in milliseconds
 * @param attempt the attempt that the numbers belong to; 0 before the first report
 * @param reportSequence the last report that was accepted
 * @param eventSequence the last event of the attempt, but for the final one
 * @param ownEvents how many events of the worker's own were published
 * @param percent null without a total; never falls
 * @param outputBytes the size of the output as UTF-8
 * @param piece the last piece of the output, 0 if there is none
 * @param pieceBytes the size of that piece
 * @param body the request that may report, or null
 */
record ExternalJob(
    String jobId,
    @Nullable String unit,
    long silence,
    int attempt,
    long reportSequence,
    long eventSequence,
    int ownEvents,
    long done,
    @Nullable Long total,
    @Nullable Double percent,
    @Nullable String message,
    int outputBytes,
    int piece,
    int pieceBytes,
    @Nullable String body) {

  ExternalJob withEventSequence(long sequence) {
    return new ExternalJob(
        jobId,
        unit,
        silence,
        attempt,
        reportSequence,
        sequence,
        ownEvents,
        done,
        total,
        percent,
        message,
        outputBytes,
        piece,
        pieceBytes,
        body);
  }

  ExternalJob withPiece(int lastPiece, int bytes) {
    return new ExternalJob(
        jobId,
        unit,
        silence,
        attempt,
        reportSequence,
        eventSequence,
        ownEvents,
        done,
        total,
        percent,
        message,
        outputBytes,
        lastPiece,
        bytes,
        body);
  }
}
