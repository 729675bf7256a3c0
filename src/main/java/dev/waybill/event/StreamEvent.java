package dev.waybill.event;

import org.jspecify.annotations.Nullable;

/**
 * One event of a stream, as published.
 *
 * @param streamId which stream it belongs to; for a job its transaction ID
 * @param data what the event says: one line of JSON or, as the extras say, plain text
 * @param position how far the stream's subject was, for a job in rows; a state or a progress with a
 *     lower position than a watcher has seen is out of date
 * @param extras what a publisher may add
 */
public record StreamEvent(
    String streamId, EventId id, EventType type, String data, long position, Extras extras) {

  /**
   * What a publisher may add to an event.
   *
   * @param text whether the data is plain text, whose line ends are LF
   * @param retryMillis when a client that loses its connection comes back, or null
   * @param messageId the publisher's own ID of the event, or null
   */
  public record Extras(boolean text, @Nullable Integer retryMillis, @Nullable String messageId) {

    public static final Extras NONE = new Extras(false, null, null);
  }

  public StreamEvent(String streamId, EventId id, EventType type, String data, long position) {
    this(streamId, id, type, data, position, Extras.NONE);
  }

  /**
   * Whether no event is missing between an ID and this event: it is the next of the same epoch, the
   * first one of all, or a state, which replaces everything before it.
   */
  public boolean follows(EventId previous) {
    if (type.delivery() == Delivery.STATE) {
      return id.isAfter(previous);
    }
    return id.sequence() == previous.sequence() + 1
        && (id.epoch() == previous.epoch() || previous.equals(EventId.NOTHING));
  }
}
