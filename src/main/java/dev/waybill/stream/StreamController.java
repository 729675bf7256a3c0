package dev.waybill.stream;

import dev.waybill.access.Access;
import dev.waybill.access.Caller;
import dev.waybill.event.StreamKinds;
import dev.waybill.problem.Problem;
import dev.waybill.stream.AcceptClient.Watch;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
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

/** The SSE streams: of a job under its own three addresses, and of every kind by its name. */
@RestController
@RequiredArgsConstructor
class StreamController {

  private static final HttpHeaders HEADERS = headers();
  private static final Pattern PATH =
      Pattern.compile("/api/(?:jobs|streams)/[^/]+/events|/api/upload/sse/[^/]+|/sse/stream");

  private static final String EARLIEST = "earliest";
  private static final String EMITTER_HEADER = "X-Waybill-Emitter";

  private final StreamKinds kinds;
  private final AcceptClient acceptClient;
  private final ChooseTransport chooseTransport;
  private final StreamProperties properties;
  private final Ticker ticker;
  private final ExpireStreams expireStreams;

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
    return watch(new Watch(id, Cursor.of(header, query), false), request, response);
  }

  /** Serves every client that does not ask for JSON, which is the history's. */
  @GetMapping("/api/streams/{name}/events")
  @Nullable ResponseEntity<SseEmitter> eventsOfStream(
      @PathVariable String name,
      @RequestParam(required = false) @Nullable String from,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header,
      @RequestParam(name = "lastEventId", required = false) @Nullable String query,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    if (from != null && !from.equals(EARLIEST)) {
      throw Problem.parameter("from can only be " + EARLIEST + ".");
    }
    String id =
        kinds
            .streamId(name)
            .orElseThrow(
                () ->
                    Problem.of(
                        HttpStatus.NOT_FOUND,
                        "stream-unknown",
                        "No such stream",
                        "No stream bears this name, and none can: it belongs to Waybill."));
    return watch(new Watch(id, Cursor.of(header, query), from != null), request, response);
  }

  private @Nullable ResponseEntity<SseEmitter> watch(
      Watch watch, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (HttpMethod.HEAD.matches(request.getMethod())) {
      return answer(acceptClient.preview(watch), request, response);
    }
    Transport transport = chooseTransport.choose(request);
    return answer(
        acceptClient.accept(watch, Caller.of(request).id(), transport), request, response);
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
    HttpHeaders headers = new HttpHeaders(HEADERS);
    headers.set(EMITTER_HEADER, client.id());
    try {
      ResponseEntity<SseEmitter> body =
          switch (client.transport()) {
            case EMITTER ->
                ResponseEntity.ok()
                    .headers(headers)
                    .body(EmitterConnection.serving(client, request, response));
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

  /** Written at once and with its length: nothing stays behind if the client has gone already. */
  private void refuse(HttpServletResponse response) throws IOException {
    byte[] body = EncodedFrame.preface(RetryDelay.jitteredMillis(), ticker.nanos()).bytes();
    HEADERS.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    response.setHeader(HttpHeaders.CONNECTION, "close"); // the client must not keep it meanwhile
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
