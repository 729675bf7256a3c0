package dev.waybill.stream;

import java.io.IOException;

/** The way to one client. Only the drainer calls it, one call at a time; both may block. */
interface Connection {

  /**
   * Writes and flushes.
   *
   * @throws IOException if the client has left; nothing more must be called then
   */
  void write(byte[] bytes) throws IOException;

  /** Ends the response. */
  void end();
}
