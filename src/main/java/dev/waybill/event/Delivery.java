package dev.waybill.event;

/**
 * The rule that determines how an event is delivered to a client that does not read fast enough.
 * Pods send the rule to each other together with the event.
 */
public enum Delivery {
  /**
   * The event is delivered in order and never dropped. If a client is too far behind, the server
   * closes the connection of the client instead.
   */
  EACH,
  /**
   * The event replaces a waiting event that has the same name and key. The new event is queued
   * last.
   */
  LATEST,
  /** The event is dropped for a client that has not yet read earlier events. */
  SAMPLE,
  /**
   * The event contains the whole state of a stream and is delivered in order. This event replaces
   * every event up to its own ID.
   */
  STATE,
  /**
   * The event is the last event of its stream and is never dropped. After this event, the server
   * ends the response.
   */
  LAST
}
