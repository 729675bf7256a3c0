package dev.waybill.event;

/**
 * The rule that says what happens to an event if its client does not read fast enough. Pods send
 * the rule to each other together with the event.
 */
public enum Delivery {
  /**
   * Delivered in order and never dropped. If a client is too far behind, its connection is closed
   * instead.
   */
  EACH,
  /** Replaces a waiting event of the same name and key. The new event is queued last. */
  LATEST,
  /** Dropped for a client that has not yet read earlier events. */
  SAMPLE,
  /** The whole state of a stream, delivered in order. It replaces every event up to its ID. */
  STATE,
  /** The last event of its stream, never dropped. After it, the server ends the response. */
  LAST
}
