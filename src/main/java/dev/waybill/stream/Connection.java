package dev.waybill.stream;

import java.io.IOException;

/**
 * The way to one client. Each transport has its own. Only the client's drainer calls it, one call
 * at a time; both methods may block.
 */
interface Connection {

  /**
   * Writes and flushes.
   *
   * @throws IOException if the client has left; no other method may be called then
   */
  void write(byte[] bytes) throws IOException;

  /** Ends the response. */
  void end(Ending ending);

  /**
   * How a stream ends.
   *
   * @param reason decides what the client can learn: the code of a WebSocket, or a response that
   *     breaks off
   * @param retryMillis when the client comes back, where it should
   * @param withinFrame whether only a part of the last frame was written
   */
  record Ending(EndReason reason, long retryMillis, boolean withinFrame) {}
}
