package dev.waybill.stream;

import java.io.IOException;

/**
 * Writes bytes to one client. Each transport implements it. Only the client's drainer, the thread
 * that writes its frames, calls it, one call at a time. Both methods may block.
 */
interface Connection {

  /**
   * Writes the bytes and flushes them.
   *
   * @throws IOException if the client has left; then no other method may be called
   */
  void write(byte[] bytes) throws IOException;

  /** Ends the response. */
  void end(Ending ending);

  /**
   * How a stream ends.
   *
   * @param reason why the stream ends; the client can see it in the close code of a WebSocket, or
   *     because the response is broken off
   * @param retryMillis the delay after which the client should reconnect, if it should
   * @param withinFrame whether only a part of the last frame was written
   */
  record Ending(EndReason reason, long retryMillis, boolean withinFrame) {}
}
