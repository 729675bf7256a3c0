package dev.waybill.event;

import org.jspecify.annotations.Nullable;

/**
 * The state of a stream in the database at one moment.
 *
 * @param type the name of the event that contains this state, delivered as {@link Delivery#STATE}
 * @param data the state's JSON, one line
 * @param position the progress of the job or record; for a job the number of processed rows
 * @param epoch the current epoch (the period of the stream), or the last one; for a job its
 *     attempt, 0 while the job is queued
 * @param finalEvent the event that ends the stream, or null if the stream has not ended
 * @param covered the ID of the last event that this state contains, if the database knows this ID
 *     exactly. Later events add to the state, so a watcher needs each later event exactly one time
 */
public record StreamState(
    EventType type,
    String data,
    long position,
    int epoch,
    @Nullable StreamEvent finalEvent,
    @Nullable EventId covered) {

  /**
   * Creates a state for the case that the database does not know which events the state contains.
   */
  public StreamState(
      EventType type, String data, long position, int epoch, @Nullable StreamEvent finalEvent) {
    this(type, data, position, epoch, finalEvent, null);
  }

  /** Makes an event from this state. The event replaces all events up to the given ID. */
  public StreamEvent asEvent(String streamId, EventId covered) {
    return new StreamEvent(streamId, covered, type, data, position);
  }
}
