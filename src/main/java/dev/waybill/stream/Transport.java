package dev.waybill.stream;

import java.util.Locale;

/** How the bytes of a stream reach one client. */
public enum Transport {
  /**
   * A Spring {@code SseEmitter}. Serves every version of HTTP, behind any filter that does not
   * buffer the response for good.
   */
  EMITTER(64 * 1024),

  /**
   * A socket that Tomcat has handed over. Needs a quarter of the memory of an emitter. Serves only
   * HTTP/1.1 requests without a body and without a filter that holds back the response; every other
   * request gets an emitter.
   */
  SOCKET(16 * 1024),

  /**
   * A WebSocket on a socket that Tomcat has handed over, for every client that asks for a
   * WebSocket. It is not a configuration value.
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
   * The heap that one idle client takes, in bytes, rounded up. Measured by {@code bench/fan-out}.
   */
  int heapBytes() {
    return heapBytes;
  }

  /** The name of the transport in settings and metrics. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
