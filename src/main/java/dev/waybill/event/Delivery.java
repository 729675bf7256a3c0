package dev.waybill.event;

/** What happens to an event whose client does not read fast enough. It travels with the event. */
public enum Delivery {
  /** In order and never dropped: a client that is too far behind is closed instead. */
  EACH,
  /** Replaces an event of the same name and key that still waits, and joins the end. */
  LATEST,
  /** Left out for a client that is behind. */
  SAMPLE,
  /** The whole state of a stream, in order; stands in for every event up to its ID. */
  STATE,
  /** The last event of its stream; never dropped, and the server then ends the response. */
  LAST
}
