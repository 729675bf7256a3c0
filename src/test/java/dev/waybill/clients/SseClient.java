package dev.waybill.clients;

import java.net.URI;

/** A client of streams as its users write it. */
interface SseClient {

  /**
   * Watches a stream through lost connections until its final event.
   *
   * @param use called with the ID and the name of each event
   */
  void watch(URI events, EventUse use) throws Exception;

  @FunctionalInterface
  interface EventUse {
    void event(String id, String name);
  }
}
