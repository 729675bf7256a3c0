package dev.waybill.event;

/** What happens to an event whose client does not read fast enough. It travels with the event. */
public enum Delivery {
  /** In order and never dropped. A client that is too far behind is closed instead. */
  EACH,
  /** Replaces an event of the same name and key that still waits, and joins the end. */
  LATEST,
  /** Skipped for a client that is behind. */
  SAMPLE,
  /** The whole state of a stream, in order. It replaces every event up to its ID. */
  STATE,
  /** The last event of its stream, never dropped. Afterwards the server ends the response. */
  LAST
}
