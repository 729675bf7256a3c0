package dev.waybill.stream;

import dev.waybill.access.Caller;
import dev.waybill.event.StreamKinds;
import dev.waybill.problem.Problem;
import dev.waybill.stream.AcceptClient.Watch;
import dev.waybill.stream.AcceptSeveral.WatchSeveral;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The endpoints of all streams. Clients can watch every stream by its name, alone or together with
 * other streams. In addition, the stream of a job has three paths of its own. The stream of a
 * record also has a path that contains the kind and key of the record.
 */
@RestController
@RequiredArgsConstructor
class StreamController {

  private static final Pattern PATH =
      Pattern.compile(
          "/api/(?:jobs|streams)/[^/]+/events|/api/records/[^/]+/[^/]+/events|/api/events"
              + "|/api/upload/sse/[^/]+|/sse/stream");

  private static final String EARLIEST = "earliest";
  private static final int MOST_STREAMS = 20;

  private final StreamKinds kinds;
  private final AcceptClient acceptClient;
  private final AcceptSeveral acceptSeveral;
  private final ChooseTransport chooseTransport;
  private final AnswerStream answerStream;

  /** Whether the path of a request is the path of a stream. */
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
    return watch(new Watch(id, Cursor.of(header, query), false, false), request, response);
  }

  /** Serves every client that does not ask for JSON. The history endpoint serves JSON. */
  @GetMapping("/api/streams/{name}/events")
  @Nullable ResponseEntity<SseEmitter> eventsOfStream(
      @PathVariable String name,
      @RequestParam(required = false) @Nullable String from,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header,
      @RequestParam(name = "lastEventId", required = false) @Nullable String query,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    Watch watch = new Watch(idOf(name), Cursor.of(header, query), isEarliest(from), true);
    return watch(watch, request, response);
  }

  /**
   * Serves the stream of a record from another system. The path names the record by its kind and
   * key.
   */
  @GetMapping("/api/records/{kind}/{key}/events")
  @Nullable ResponseEntity<SseEmitter> eventsOfRecord(
      @PathVariable String kind,
      @PathVariable String key,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header,
      @RequestParam(name = "lastEventId", required = false) @Nullable String query,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    String id = idOf("record:" + kind + ":" + key);
    return watch(new Watch(id, Cursor.of(header, query), false, true), request, response);
  }

  /** Serves several streams on one connection. */
  @GetMapping("/api/events")
  @Nullable ResponseEntity<SseEmitter> eventsOfSeveral(
      @RequestParam(required = false) @Nullable String from,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header,
      @RequestParam(name = "lastEventId", required = false) @Nullable String query,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    List<NamedStream> streams = named(request.getParameterValues("stream"));
    JoinedCursor cursor = JoinedCursor.of(header, query, streams.size());
    WatchSeveral watch = new WatchSeveral(streams, cursor, isEarliest(from));
    if (HttpMethod.HEAD.matches(request.getMethod())) {
      return answerStream.answer(acceptSeveral.preview(watch), request, response);
    }
    Transport transport = chooseTransport.choose(request);
    return answerStream.answer(
        acceptSeveral.accept(watch, Caller.of(request).id(), transport), request, response);
  }

  private List<NamedStream> named(String @Nullable [] names) {
    if (names == null || names.length > MOST_STREAMS) {
      throw Problem.parameter(
          "Name 1 to %d streams: /api/events?stream=a&stream=b".formatted(MOST_STREAMS));
    }
    List<NamedStream> streams =
        Arrays.stream(names).map(name -> new NamedStream(name, idOf(name))).toList();
    if (streams.stream().map(NamedStream::id).distinct().count() < names.length) {
      throw Problem.parameter("A stream is named twice.");
    }
    return streams;
  }

  private static boolean isEarliest(@Nullable String from) {
    if (from != null && !from.equals(EARLIEST)) {
      throw Problem.parameter("from can only be " + EARLIEST + ".");
    }
    return from != null;
  }

  private String idOf(String name) {
    return kinds
        .streamId(name)
        .orElseThrow(
            () ->
                Problem.of(
                    HttpStatus.NOT_FOUND,
                    "stream-unknown",
                    "No such stream",
                    "There is no stream with this name. The name is reserved for Waybill."));
  }

  private @Nullable ResponseEntity<SseEmitter> watch(
      Watch watch, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (HttpMethod.HEAD.matches(request.getMethod())) {
      return answerStream.answer(acceptClient.preview(watch), request, response);
    }
    Transport transport = chooseTransport.choose(request);
    return answerStream.answer(
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
}
