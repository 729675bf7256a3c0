package dev.waybill.channel;

import dev.waybill.event.EventId;
import java.time.Instant;

/**
 * An audience stream, to which callers publish under a name, with its values in the database.
 *
 * @param lastSequence the number of the last event in this epoch; 0 before the first event
 * @param lastPosition the number of events that were ever published, over all epochs
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
