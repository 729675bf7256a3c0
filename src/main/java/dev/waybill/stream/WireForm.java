package dev.waybill.stream;

/** The encoding in which an event is sent. */
enum WireForm {
  /** The format of {@code text/event-stream}. */
  SSE,
  /** One JSON object for each event, in a WebSocket text message. */
  MESSAGE
}
