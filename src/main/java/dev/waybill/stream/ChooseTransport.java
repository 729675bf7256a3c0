package dev.waybill.stream;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import lombok.RequiredArgsConstructor;
import org.apache.catalina.connector.ResponseFacade;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;
import org.springframework.web.util.WebUtils;

/**
 * Chooses the transport for one request. If the request asks for a WebSocket, the transport is a
 * WebSocket. Otherwise the transport is the configured one, or an emitter if the configured one
 * cannot serve the request.
 */
@Component
@RequiredArgsConstructor
class ChooseTransport {

  private final StreamProperties properties;

  /**
   * @throws IllegalStateException if a filter buffers the whole response, because then no byte
   *     would ever reach the client
   */
  Transport choose(HttpServletRequest request) throws IOException {
    ShallowEtagHeaderFilter.disableContentCaching(request);
    HttpServletResponse response = behindFilters();
    boolean direct = writesDirectly(response);
    if (!direct && isBuffered(response)) {
      throw new IllegalStateException(
          "A filter with a ContentCachingResponseWrapper buffers streams. Exclude their paths.");
    }
    if (WebSocketHandshake.isWanted(request)) {
      WebSocketHandshake.of(request); // refuses an invalid handshake before the registration
      return Transport.WEBSOCKET;
    }
    return switch (properties.transport()) {
      case EMITTER, WEBSOCKET -> Transport.EMITTER;
      case SOCKET ->
          direct && isHttp11(request) && !hasBody(request) ? Transport.SOCKET : Transport.EMITTER;
    };
  }

  /**
   * The response as the last servlet filter has passed it on. The response that a controller gets
   * is not used, because Spring has wrapped it.
   */
  private static HttpServletResponse behindFilters() {
    return Objects.requireNonNull(
        ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getResponse());
  }

  /**
   * Whether the request uses HTTP/1.1. Only then can the socket be taken over from Tomcat. With
   * HTTP/2, other responses share the connection. HTTP/1.0 has no chunks.
   */
  private static boolean isHttp11(HttpServletRequest request) {
    return request.getProtocol().equals("HTTP/1.1");
  }

  /**
   * Whether the request has a body. Tomcat hands a connection over only after it has read the body,
   * and the body may never arrive.
   */
  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0
        || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
  }

  /**
   * Whether no filter holds back the head of the response. A frame that is written directly to the
   * socket would overtake a head that a filter still holds back.
   */
  private static boolean writesDirectly(HttpServletResponse response) throws IOException {
    return containerOf(response).getOutputStream() == response.getOutputStream();
  }

  /**
   * Tomcat's own response, without any wrapper. The caller must flush this response itself, because
   * a filter that computes ETags does not pass a flush on.
   */
  static ServletResponse containerOf(HttpServletResponse response) {
    return Objects.requireNonNull(WebUtils.getNativeResponse(response, ResponseFacade.class));
  }

  static boolean isBuffered(HttpServletResponse response) {
    return WebUtils.getNativeResponse(response, ContentCachingResponseWrapper.class) != null;
  }
}
