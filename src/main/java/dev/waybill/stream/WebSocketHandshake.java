package dev.waybill.stream;

import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;

/**
 * A valid handshake request for a WebSocket.
 *
 * @param accept the header value that proves to the client that the server has understood the
 *     request
 */
record WebSocketHandshake(String accept) {

  static final String PROTOCOL = "websocket";

  private static final String VERSION_HEADER = "Sec-WebSocket-Version";
  private static final String VERSION = "13";

  /** The format of the client's key: 16 bytes in Base64. */
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

  /** The text from RFC 6455 that a server appends to the client's key. */
  private static final String SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /**
   * Whether a request asks for an upgrade to a WebSocket. A request for an upgrade to any other
   * protocol is served without the upgrade, as HTTP allows.
   */
  static boolean isWanted(HttpServletRequest request) {
    return request.getProtocol().equals("HTTP/1.1")
        && HttpMethod.GET.matches(request.getMethod())
        && names(request, HttpHeaders.UPGRADE, PROTOCOL)
        && names(request, HttpHeaders.CONNECTION, "upgrade");
  }

  /** Checks the request. Throws a problem if the request is not a valid WebSocket handshake. */
  static WebSocketHandshake of(HttpServletRequest request) {
    List<String> versions = Collections.list(request.getHeaders(VERSION_HEADER));
    if (!versions.equals(List.of(VERSION))) {
      Problem problem =
          Problem.of(
              HttpStatus.UPGRADE_REQUIRED,
              "parameter",
              "A parameter is not valid",
              "This server speaks version 13 of WebSocket only.");
      problem.getHeaders().set(VERSION_HEADER, VERSION);
      throw problem;
    }
    List<String> keys = Collections.list(request.getHeaders("Sec-WebSocket-Key"));
    if (keys.size() != 1 || !KEY.matcher(keys.getFirst()).matches()) {
      throw Problem.parameter("Sec-WebSocket-Key must have 16 bytes in Base64.");
    }
    if (request.getContentLengthLong() > 0
        || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
      throw Problem.parameter("A request for a WebSocket has no body.");
    }
    return new WebSocketHandshake(acceptOf(keys.getFirst()));
  }

  private static boolean names(HttpServletRequest request, String header, String token) {
    return Collections.list(request.getHeaders(header)).stream()
        .flatMap(value -> List.of(value.split(",")).stream())
        .anyMatch(value -> value.strip().equalsIgnoreCase(token));
  }

  private static String acceptOf(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + SUFFIX).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
