package dev.waybill.worker;

import org.jspecify.annotations.Nullable;

/**
 * The values of an external job that other jobs do not have, as the database has them at one
 * moment. The work of an external job is done by a program outside of Waybill.
 *
 * @param silence how long its worker may be silent, in milliseconds
 * @param attempt the attempt to which the numbers belong; 0 before the first attempt
 * @param reportSequence the number of the last report that was accepted
 * @param eventSequence the number of the attempt's last event, not counting the final event
 * @param ownEvents how many events that the worker defines itself were published
 * @param percent null without a total; falls only if the work starts over in a later attempt
 * @param outputBytes the size of the output as UTF-8
 * @param piece the number of the last piece of the output, 0 if there is none
 * @param pieceBytes the size of that piece
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
