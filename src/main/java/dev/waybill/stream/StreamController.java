package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.problem.Problem;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
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
@Slf4j
@RestController
@RequiredArgsConstructor
class StreamController {

  private static final HttpHeaders HEADERS = headers();

  private final OpenStream openStream;
  private final EmitterRegistry registry;
  private final StreamProperties properties;
  private final Drainers drainers;
  private final StreamMetrics metrics;
  private final Ticker ticker;

  @GetMapping({"/api/jobs/{id}/events", "/api/upload/sse/{id}"})
  @Nullable ResponseEntity<SseEmitter> events(
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header,
      @RequestParam(name = "lastEventId", required = false) @Nullable String query,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    // What cannot be understood counts as not sent, so a polyfill's junk header hides no cursor.
    Optional<EventId> seen =
        Stream.of(Optional.ofNullable(header), Optional.ofNullable(query))
            .flatMap(Optional::stream)
            .map(EventId::parse)
            .flatMap(Optional::stream)
            .findFirst();
    try {
      return HttpMethod.HEAD.matches(request.getMethod())
          ? answer(openStream.preview(id, seen), null)
          : watch(id, seen, request, response);
    } catch (Problem e) {
      throw e;
    } catch (RuntimeException e) {
      // An error status would stop an EventSource for good; a database mostly comes back.
      log.warn("Cannot open a stream (stream {})", id, e);
      return refuse();
    }
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

  private @Nullable ResponseEntity<SseEmitter> watch(
      String streamId,
      Optional<EventId> seen,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    // Asked before a place is taken: a claim is written to Redis, and anybody can invent IDs.
    Opening known = openStream.preview(streamId, seen);
    if (!(known instanceof Opening.Frames)) {
      return answer(known, null);
    }
    ClientStream client =
        new ClientStream(
            streamId,
            request.getRemoteAddr(),
            Frame.preface(RetryDelay.ORDINARY_MILLIS, ticker.nanos()),
            new ClientStream.Limits(properties.outboxSize().toBytes(), properties.maxStall()),
            ticker,
            drainers,
            metrics,
            new ClientStream.Leaving(registry::retire, registry::forget));
    if (!registry.register(client)) {
      return refuse();
    }
    boolean opened = false;
    try {
      Opening opening = openStream.open(streamId, seen);
      SseEmitter body = null;
      if (opening instanceof Opening.Frames(var missed, var position)) {
        client.openAt(position);
        if (missed.isEmpty()) {
          client.resume(seen.orElseThrow());
        } else {
          client.goLive(missed);
        }
        boolean takenOver =
            BareConnection.takeOver(request, response, HEADERS, client, properties.writeTimeout());
        opened = true;
        if (takenOver) {
          return null; // Spring has nothing to add
        }
        body = StreamEmitter.serving(client);
      }
      return answer(opening, body);
    } finally {
      if (!opened) {
        client.gone();
      }
    }
  }

  private static ResponseEntity<SseEmitter> answer(Opening opening, @Nullable SseEmitter body) {
    return switch (opening) {
      case Opening.Unknown() ->
          throw Problem.of(
              HttpStatus.NOT_FOUND,
              "job-unknown",
              "No such job",
              "No job has this transaction ID. It may have been removed after its retention.");
      case Opening.AlreadyEnded() -> ResponseEntity.noContent().build();
      case Opening.Frames frames -> stream(body);
    };
  }

  private ResponseEntity<SseEmitter> refuse() {
    metrics.refused();
    StreamEmitter emitter = new StreamEmitter();
    try {
      emitter.write(Frame.preface(RetryDelay.jitteredMillis(), ticker.nanos()).bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it only queues: the response has not begun
    }
    emitter.end();
    return stream(emitter);
  }

  private static ResponseEntity<SseEmitter> stream(@Nullable SseEmitter body) {
    return ResponseEntity.ok().headers(HEADERS).body(body);
  }

  private static HttpHeaders headers() {
    HttpHeaders headers = new HttpHeaders();
    headers.setContentType(new MediaType(MediaType.TEXT_EVENT_STREAM, StandardCharsets.UTF_8));
    headers.setCacheControl(CacheControl.noStore());
    headers.set("X-Accel-Buffering", "no");
    return HttpHeaders.readOnlyHttpHeaders(headers);
  }
}
