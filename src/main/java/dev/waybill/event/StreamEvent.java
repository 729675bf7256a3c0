package dev.waybill.event;

import org.jspecify.annotations.Nullable;

/**
 * One published event of a stream.
 *
 * @param streamId the stream to which the event belongs; for a job its transaction ID
 * @param data the content of the event: one line of JSON, or plain text if {@link Extras#text} is
 *     true
 * @param position the progress of the job or record at the time of the event; for a job the number
 *     of processed rows. A state or a progress event is out of date if a watcher has seen a higher
 *     position
 * @param extras optional additions of the publisher
 */
public record StreamEvent(
    String streamId, EventId id, EventType type, String data, long position, Extras extras) {

  /**
   * Optional additions of the publisher to an event.
   *
   * @param text whether the data is plain text, whose line ends are LF
   * @param retryMillis the delay after which a client that loses its connection reconnects, or null
   * @param messageId the publisher's own ID of the event, or null
   */
  public record Extras(boolean text, @Nullable Integer retryMillis, @Nullable String messageId) {

    public static final Extras NONE = new Extras(false, null, null);
  }

  public StreamEvent(String streamId, EventId id, EventType type, String data, long position) {
    this(streamId, id, type, data, position, Extras.NONE);
  }

  /**
   * Whether no event is missing between an ID and this event. The result is true for the next event
   * of the same epoch and for the first event of a stream. The result is also true for a state,
   * because a state replaces all earlier events.
   */
  public boolean follows(EventId previous) {
    if (type.delivery() == Delivery.STATE) {
      return id.isAfter(previous);
    }
    return id.sequence() == previous.sequence() + 1
        && (id.epoch() == previous.epoch() || previous.equals(EventId.NOTHING));
  }
}
