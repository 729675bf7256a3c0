package dev.waybill.clients;

import java.net.URI;

/** A client that watches a stream, with the code that its users write. */
interface SseClient {

  /**
   * Watches a stream until its final event, and resumes after lost connections.
   *
   * @param use called with the ID and the name of each event
   */
  void watch(URI events, EventUse use) throws Exception;

  @FunctionalInterface
  interface EventUse {
    void event(String id, String name);
  }
}
