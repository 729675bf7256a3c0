package dev.waybill.event;

/**
 * One event of a stream, as published.
 *
 * @param streamId which stream it belongs to; for a job its transaction ID
 * @param data what the event says, as one line of JSON
 * @param position how far the stream's subject was, for a job in rows; a state or a progress with a
 *     lower position than a watcher has seen is out of date
 */
public record StreamEvent(String streamId, EventId id, EventType type, String data, long position) {

  /**
   * Whether no event is missing between an ID and this event: it is the next of the same epoch, or
   * a state, which replaces everything before it.
   */
  public boolean follows(EventId previous) {
    if (type.delivery() == Delivery.STATE) {
      return id.isAfter(previous);
    }
    return id.epoch() == previous.epoch() && id.sequence() == previous.sequence() + 1;
  }
}
