package dev.waybill.stream;

import dev.waybill.access.Caller;
import dev.waybill.event.EventId;
import dev.waybill.problem.Problem;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The SSE stream of a job, under its three addresses. */
@RestController
@RequiredArgsConstructor
class StreamController {

  private static final HttpHeaders HEADERS = headers();
  private static final Pattern PATH =
      Pattern.compile("/api/jobs/[^/]+/events|/api/upload/sse/[^/]+|/sse/stream");

  private final AcceptClient acceptClient;
  private final ChooseTransport chooseTransport;
  private final StreamProperties properties;
  private final Ticker ticker;

  /** Whether a request is for a stream, by its path. */
  static boolean isStream(HttpServletRequest request) {
    return PATH.matcher(request.getRequestURI()).matches();
  }

  @GetMapping({"/api/jobs/{id}/events", "/api/upload/sse/{id}"})
  @Nullable ResponseEntity<SseEmitter> events(
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header,
      @RequestParam(name = "lastEventId", required = false) @Nullable String query,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    // An ID that cannot be parsed counts as not sent. A polyfill's junk header hides no cursor.
    Optional<EventId> seen =
        Stream.of(Optional.ofNullable(header), Optional.ofNullable(query))
            .flatMap(Optional::stream)
            .map(EventId::parse)
            .flatMap(Optional::stream)
            .findFirst();
    if (HttpMethod.HEAD.matches(request.getMethod())) {
      return answer(acceptClient.preview(id, seen), request, response);
    }
    Transport transport = chooseTransport.choose(request);
    return answer(
        acceptClient.accept(id, seen, Caller.of(request).id(), transport), request, response);
  }

  @GetMapping("/sse/stream")
  @Nullable ResponseEntity<SseEmitter> eventsOfTransaction(
      @RequestParam(required = false) @Nullable String transactionId,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header,
      @RequestParam(name = "lastEventId", required = false) @Nullable String query,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    if (transactionId == null || transactionId.isBlank()) {
      throw Problem.parameter("transactionId is missing: /sse/stream?transactionId=<id>");
    }
    return events(transactionId, header, query, request, response);
  }

  private @Nullable ResponseEntity<SseEmitter> answer(
      AcceptClient.Answer answer, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    return switch (answer) {
      case AcceptClient.Answer.Accepted(var client) -> connect(client, request, response);
      case AcceptClient.Answer.Open() -> ResponseEntity.ok().headers(HEADERS).build();
      case AcceptClient.Answer.Refused() -> {
        refuse(response);
        yield null;
      }
      case AcceptClient.Answer.AlreadyEnded() -> ResponseEntity.noContent().build();
      case AcceptClient.Answer.Unknown() ->
          throw Problem.of(
              HttpStatus.NOT_FOUND,
              "job-unknown",
              "No such job",
              "No job has this transaction ID. It may have been removed after its retention.");
    };
  }

  /** Null means that Spring has nothing to add. */
  private @Nullable ResponseEntity<SseEmitter> connect(
      ClientStream client, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    boolean connects = false;
    try {
      ResponseEntity<SseEmitter> body =
          switch (client.transport()) {
            case EMITTER ->
                ResponseEntity.ok()
                    .headers(HEADERS)
                    .body(EmitterConnection.serving(client, request, response));
            case SOCKET -> {
              SocketConnection.takeOver(
                  request, response, HEADERS, client, properties.writeTimeout());
              yield null;
            }
          };
      connects = true;
      return body;
    } finally {
      if (!connects) {
        client.gone();
      }
    }
  }

  /** Written at once and with its length: nothing stays behind if the client has gone already. */
  private void refuse(HttpServletResponse response) throws IOException {
    byte[] body = EncodedFrame.preface(RetryDelay.jitteredMillis(), ticker.nanos()).bytes();
    HEADERS.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
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
