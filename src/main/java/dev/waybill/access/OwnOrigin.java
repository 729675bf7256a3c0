package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;

/** Checks whether a page of this server sent a request. */
final class OwnOrigin {

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private OwnOrigin() {}

  /**
   * Whether the request has exactly one header {@code Origin}, and this header contains the origin
   * of this server.
   */
  static boolean is(HttpServletRequest request) {
    List<String> origins = Collections.list(request.getHeaders(HttpHeaders.ORIGIN));
    return origins.size() == 1
        && WebOrigin.parse(origins.getFirst())
            .filter(origin -> origin.isServer(request.getHeader(HttpHeaders.HOST)))
            .isPresent();
  }

  /**
   * Whether a request with the session cookie must prove that a page of this server sent the
   * request. The proof is needed if the request changes something or opens a WebSocket.
   */
  static boolean mustBeProved(HttpServletRequest request) {
    return !SAFE.contains(request.getMethod())
        || "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
  }
}
