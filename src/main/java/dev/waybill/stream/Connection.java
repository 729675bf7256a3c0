package dev.waybill.stream;

import java.io.IOException;

/**
 * Writes bytes to one client. Each transport has its own implementation. Only the client's drainer
 * (the thread that writes the client's frames) calls the methods, one call at a time. Both methods
 * can block.
 */
interface Connection {

  /**
   * Writes the bytes and flushes them.
   *
   * @throws IOException if the client has left; after that, no method may be called
   */
  void write(byte[] bytes) throws IOException;

  /** Ends the response. */
  void end(Ending ending);

  /**
   * The way in which a stream ends.
   *
   * @param reason the reason why the stream ends. The reason determines the close code of a
   *     WebSocket, and whether an SSE response is broken off
   * @param retryMillis the delay in milliseconds before the client reconnects, if the client should
   *     reconnect
   * @param withinFrame whether only a part of the last frame was written
   */
  record Ending(EndReason reason, long retryMillis, boolean withinFrame) {}
}
