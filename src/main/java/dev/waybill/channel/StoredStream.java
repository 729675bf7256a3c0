package dev.waybill.channel;

import dev.waybill.event.EventId;
import java.time.Instant;

/**
 * The row of an audience stream in the database. An audience stream is a named stream to which
 * callers publish.
 *
 * @param lastSequence the number of the last event in this epoch; 0 before the first event
 * @param lastPosition the number of events that were ever published to the stream, in all epochs
 */
record StoredStream(
    StreamName name,
    int epoch,
    long lastSequence,
    long lastPosition,
    boolean closed,
    Instant createdAt,
    Instant lastEventAt) {

  EventId lastId() {
    return new EventId(epoch, lastSequence);
  }
}
