package dev.waybill.stream;

/** What an event looks like on the wire. */
enum WireForm {
  /** As {@code text/event-stream} has it. */
  SSE,
  /** One JSON object for each event, in a WebSocket text message. */
  MESSAGE
}
