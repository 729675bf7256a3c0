package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;

/** Whether a page of this server caused a request. */
final class OwnOrigin {

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private OwnOrigin() {}

  /** Whether the request names one {@code Origin}, and it is this server's. */
  static boolean is(HttpServletRequest request) {
    List<String> origins = Collections.list(request.getHeaders(HttpHeaders.ORIGIN));
    return origins.size() == 1
        && WebOrigin.parse(origins.getFirst())
            .filter(origin -> origin.isServer(request.getHeader(HttpHeaders.HOST)))
            .isPresent();
  }

  /** Whether a request by cookie must prove its page: it changes something, or stays open. */
  static boolean mustBeProved(HttpServletRequest request) {
    return !SAFE.contains(request.getMethod())
        || "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
  }
}
