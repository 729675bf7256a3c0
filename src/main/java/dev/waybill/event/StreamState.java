package dev.waybill.event;

import org.jspecify.annotations.Nullable;

/**
 * The state of a stream in the database at one moment.
 *
 * @param type the name of the event that carries this state, delivered as {@link Delivery#STATE}
 * @param data the state's JSON, one line
 * @param position how far the stream's subject is, for a job in rows
 * @param epoch the epoch that publishes or published last; for a job its attempt, 0 while queued
 * @param finalEvent the event that ends the stream, or null while it goes on
 * @param covered the last event that this state covers, if the database knows it exactly. Events
 *     that add to the state are needed from the next one on, and must not come twice
 */
public record StreamState(
    EventType type,
    String data,
    long position,
    int epoch,
    @Nullable StreamEvent finalEvent,
    @Nullable EventId covered) {

  /** A state for which the database does not know which events it covers. */
  public StreamState(
      EventType type, String data, long position, int epoch, @Nullable StreamEvent finalEvent) {
    this(type, data, position, epoch, finalEvent, null);
  }

  /** This state as an event that covers everything up to an ID. */
  public StreamEvent asEvent(String streamId, EventId covered) {
    return new StreamEvent(streamId, covered, type, data, position);
  }
}
