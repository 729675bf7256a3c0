package dev.waybill.stream;

import java.util.Locale;

/** The way in which the bytes of a stream reach one client. */
public enum Transport {
  /**
   * A Spring {@code SseEmitter}. Works with every version of HTTP, and behind every filter except
   * one that buffers the whole response.
   */
  EMITTER(64 * 1024),

  /**
   * A socket that Tomcat has handed over. Needs a quarter of the memory of an emitter. Works only
   * for HTTP/1.1 requests that have no body and pass no filter that holds back the response. Every
   * other request gets an emitter.
   */
  SOCKET(16 * 1024),

  /**
   * A WebSocket on a socket that Tomcat has handed over. Every client that asks for a WebSocket
   * gets this transport. An operator cannot set this transport in the configuration.
   */
  WEBSOCKET(16 * 1024);

  private final int heapBytes;

  Transport(int heapBytes) {
    this.heapBytes = heapBytes;
  }

  WireForm form() {
    return this == WEBSOCKET ? WireForm.MESSAGE : WireForm.SSE;
  }

  /**
   * The amount of heap that one idle client takes, in bytes, rounded up. Measured by {@code
   * bench/fan-out}.
   */
  int heapBytes() {
    return heapBytes;
  }

  /** The name of the transport in settings and metrics. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
