package dev.waybill.stream;

import java.util.Locale;

/** Why a stream ended, for the metrics. */
enum EndReason {
  /** The client has the final event. */
  FINISHED,

  /** The client closed its connection, or the connection broke. */
  LEFT,

  /** An operator closed the connection. */
  CLOSED,

  /** The client did not read fast enough, or did not answer a ping. */
  SLOW,

  /** The service is stopping. */
  SHUTDOWN,

  /** Events were lost, and neither the log nor the database had them; the client reconnects. */
  GAP,

  /** The events of the stream are numbered from a lower ID again, after a backup was restored. */
  RESTARTED,

  /**
   * Too much was published while the client was connecting, connecting took too long, or the client
   * missed more than one connection gets. The client reconnects.
   */
  OVERTAKEN,

  /**
   * The client sent something that is not allowed: a message that is too large, or data that is no
   * WebSocket frame.
   */
  BROKE_PROTOCOL,

  /** The credential has expired or was revoked. */
  EXPIRED,

  /** The service could not write because of an internal error. */
  FAILED;

  /** Whether the client has got everything that it will get, and need not reconnect. */
  boolean isForGood() {
    return this == FINISHED || this == CLOSED;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
