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

  /**
   * Ends the response.
   *
   * @param why decides whether a client that would take any end for the last one sees a loss
   */
  void end(EndReason why);
}
