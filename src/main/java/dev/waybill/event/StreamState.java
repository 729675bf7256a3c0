package dev.waybill.event;

import org.jspecify.annotations.Nullable;

/**
 * The state of a stream in the database at one moment.
 *
 * @param type the name of the event that contains this state, delivered as {@link Delivery#STATE}
 * @param data the state's JSON, one line
 * @param position how far the job or record is; for a job the number of rows
 * @param epoch the current or last epoch that published; for a job its attempt, 0 while the job is
 *     queued
 * @param finalEvent the event that ends the stream, or null if the stream has not ended
 * @param covered the last event that this state contains, if the database knows it exactly. Later
 *     events add to the state, so a watcher needs each of them exactly once
 */
public record StreamState(
    EventType type,
    String data,
    long position,
    int epoch,
    @Nullable StreamEvent finalEvent,
    @Nullable EventId covered) {

  /** Creates a state for which the database does not know which events it contains. */
  public StreamState(
      EventType type, String data, long position, int epoch, @Nullable StreamEvent finalEvent) {
    this(type, data, position, epoch, finalEvent, null);
  }

  /** This state as an event that replaces all events up to an ID. */
  public StreamEvent asEvent(String streamId, EventId covered) {
    return new StreamEvent(streamId, covered, type, data, position);
  }
}
