package dev.waybill.event;

/**
 * One event of a stream, as published.
 *
 * @param streamId the transaction ID of the job
 * @param data one line of JSON
 * @param position how far the job was, in rows; state events (snapshot, progress, final) with a
 *     lower position than a watcher has seen are out of date
 */
public record StreamEvent(
    String streamId, EventId id, EventType type, String data, long position) {}
