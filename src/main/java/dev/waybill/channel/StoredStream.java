package dev.waybill.channel;

import dev.waybill.event.EventId;
import java.time.Instant;

/**
 * An audience stream as it stands in the database.
 *
 * @param lastSequence the last number given away in this epoch; 0 before the first event
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
