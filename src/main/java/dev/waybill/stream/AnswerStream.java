package dev.waybill.stream;

import dev.waybill.access.Access;
import dev.waybill.problem.Problem;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Answers a client that wants to watch: starts the stream, or reports why the client cannot watch
 * it.
 */
@Component
@RequiredArgsConstructor
class AnswerStream {

  /** The headers of every SSE stream. */
  static final HttpHeaders HEADERS = headers();

  /** The prefix of the IDs of all streams of records. */
  private static final String RECORDS = "record:";

  private static final String EMITTER_HEADER = "X-Waybill-Emitter";

  private final StreamProperties properties;
  private final Ticker ticker;
  private final ExpireStreams expireStreams;
  private final Drainers drainers;

  /**
   * Answers the client. Returns null if the response was already started without Spring. In that
   * case, Spring must add nothing to the response.
   */
  @Nullable ResponseEntity<SseEmitter> answer(
      AcceptClient.Answer answer, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    return switch (answer) {
      case AcceptClient.Answer.Accepted(var client) -> connect(client, request, response);
      case AcceptClient.Answer.Open() -> ResponseEntity.ok().headers(HEADERS).build();
      case AcceptClient.Answer.Refused() -> {
        if (WebSocketHandshake.isWanted(request)) {
          refuse(WebSocketConnection.TRY_AGAIN_LATER, request, response);
        } else {
          refuse(response);
        }
        yield null;
      }
      case AcceptClient.Answer.AlreadyEnded() -> {
        if (WebSocketHandshake.isWanted(request)) {
          refuse(WebSocketConnection.ALREADY_ENDED, request, response);
          yield null;
        }
        yield ResponseEntity.noContent().build();
      }
      case AcceptClient.Answer.Unknown(String streamId) -> throw unknown(streamId);
    };
  }

  private static Problem unknown(String streamId) {
    return streamId.startsWith(RECORDS)
        ? Problem.of(
            HttpStatus.NOT_FOUND,
            "record-unknown",
            "No such record",
            "No record of this kind has this key, or no such kind is configured.")
        : Problem.of(
            HttpStatus.NOT_FOUND,
            "job-unknown",
            "No such job",
            "No job has this transaction ID. It may have been removed after its retention.");
  }

  private @Nullable ResponseEntity<SseEmitter> connect(
      ClientStream client, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    boolean connects = false;
    // Copies the headers one by one. The copy constructor of HttpHeaders would make all streams
    // share the same headers.
    HttpHeaders headers = new HttpHeaders();
    headers.putAll(HEADERS);
    headers.set(EMITTER_HEADER, client.id());
    try {
      ResponseEntity<SseEmitter> body =
          switch (client.transport()) {
            case EMITTER ->
                ResponseEntity.ok()
                    .headers(headers)
                    .body(EmitterConnection.serving(client, request, response));
            case WEBSOCKET -> {
              HttpHeaders emitter = new HttpHeaders();
              emitter.set(EMITTER_HEADER, client.id());
              WebSocketConnection.takeOver(
                  request, response, emitter, client, properties.writeTimeout(), drainers);
              yield null;
            }
            case SOCKET -> {
              SocketConnection.takeOver(
                  request, response, headers, client, properties.writeTimeout());
              yield null;
            }
          };
      connects = true;
      expireStreams.follow(client, Access.of(request).lifetime());
      return body;
    } finally {
      if (!connects) {
        client.gone();
      }
    }
  }

  private void refuse(int code, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String reason = WebSocketConnection.reason(code, RetryDelay.jitteredMillis());
    WebSocketConnection.refuse(
        request, response, code, reason, properties.writeTimeout(), drainers);
  }

  /**
   * Writes the whole body immediately, with a Content-Length. So no data of this response stays in
   * memory if the client has already left.
   */
  private void refuse(HttpServletResponse response) throws IOException {
    byte[] body = EncodedFrame.refusal(RetryDelay.jitteredMillis(), ticker.nanos()).bytes();
    HEADERS.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    response.setHeader(HttpHeaders.CONNECTION, "close"); // the client must not reuse the connection
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static HttpHeaders headers() {
    HttpHeaders headers = new HttpHeaders();
    headers.setContentType(new MediaType(MediaType.TEXT_EVENT_STREAM, StandardCharsets.UTF_8));
    headers.setCacheControl(CacheControl.noStore());
    headers.set("X-Accel-Buffering", "no");
    return HttpHeaders.readOnlyHttpHeaders(headers);
  }
}
