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

  /** The client read too little. */
  SLOW,

  /** The service stops. */
  SHUTDOWN,

  /** Events were lost and neither the log nor the database had them; the client comes back. */
  GAP,

  /** The events of the stream are numbered from a lower ID again, after a restored backup. */
  RESTARTED,

  /** Too much was published while the client was connecting; it comes back. */
  OVERTAKEN,

  /** The client sent what it must not: a message that is too large, or no WebSocket frame. */
  BROKE_PROTOCOL,

  /** The credential has expired or was revoked. */
  EXPIRED,

  /** The service could not write, for a reason of its own. */
  FAILED;

  /** Whether the client has got all that it will get, and need not come back. */
  boolean isForGood() {
    return this == FINISHED || this == CLOSED;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
