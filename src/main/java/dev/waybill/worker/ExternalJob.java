package dev.waybill.worker;

import org.jspecify.annotations.Nullable;

/**
 * The additional values of an external job, as read from the database at one moment. The work of an
 * external job is done by a program outside of Waybill.
 *
 * @param silence the time for which the worker may be silent, in milliseconds
 * @param attempt the attempt to which the sequence numbers belong; 0 before the first attempt
 * @param reportSequence the number of the last report that was accepted
 * @param eventSequence the number of the attempt's last event, not counting the final event
 * @param ownEvents the number of published events whose type the worker has defined itself
 * @param percent the progress in percent; null if there is no total. The value decreases only if a
 *     later attempt starts the work from the beginning
 * @param outputBytes the size of the output as UTF-8
 * @param piece the number of the last piece of the output, 0 if there is no output
 * @param pieceBytes the size of the last piece in bytes
 * @param body the ID of the request that may report, or null
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
