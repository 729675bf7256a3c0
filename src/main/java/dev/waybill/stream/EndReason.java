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

  /**
   * Events did not reach this pod, and neither the log nor the database could replace them. The
   * client reconnects.
   */
  GAP,

  /** The events of the stream are numbered from a lower ID again, because a backup was restored. */
  RESTARTED,

  /**
   * The client could not become live. While the client was connecting, too many events were
   * published, or the connect took too long. Or the client had missed more events than one
   * connection can deliver. The client reconnects.
   */
  OVERTAKEN,

  /**
   * The client sent something that is not allowed: a message that is too large, or data that is not
   * a WebSocket frame.
   */
  BROKE_PROTOCOL,

  /** The credential has expired or was revoked. */
  EXPIRED,

  /** The service could not write because of an internal error. */
  FAILED;

  /** Whether this end is permanent, so that the client need not reconnect. */
  boolean isForGood() {
    return this == FINISHED || this == CLOSED;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
