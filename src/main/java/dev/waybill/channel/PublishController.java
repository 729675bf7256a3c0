package dev.waybill.channel;

import dev.waybill.access.Quotas;
import dev.waybill.event.EventBroadcast;
import dev.waybill.event.EventId;
import dev.waybill.platform.HeapBudget;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import lombok.RequiredArgsConstructor;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Publishing to streams of an audience, and closing them. */
@RestController
@RequestMapping("/api/streams/{name}")
@RequiredArgsConstructor
class PublishController {

  /** What one request may hold while it is read: its body as bytes, as text and as JSON. */
  private static final long BYTES_OF_A_REQUEST = 8L * ReadEvents.MAX_BATCH_BYTES;

  private static final double HEAP_SHARE = 0.15;
  private static final int MOST_READERS = 64;
  private static final int RETRY_SECONDS = 1;

  private final ReadEvents readEvents;
  private final PublishEvents publish;
  private final ChannelProperties properties;
  private final EventBroadcast broadcast;
  private final Quotas quotas;

  /** Requests whose body is being read; a body has a time limit. */
  private final Semaphore readers =
      new Semaphore(HeapBudget.ofThisProcess().count(HEAP_SHARE, BYTES_OF_A_REQUEST, MOST_READERS));

  /**
   * The answer to a publisher.
   *
   * @param ids of its events, in order
   * @param watchers how many watch the stream now, over all pods
   */
  record Published(List<String> ids, int watchers) {}

  @PostMapping(path = "/events", consumes = MediaType.APPLICATION_JSON_VALUE)
  Published publishOne(
      @PathVariable String name, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    return publish(StreamName.ofWriter(name), request, response, false);
  }

  @PostMapping(path = "/events", consumes = MediaType.APPLICATION_NDJSON_VALUE)
  Published publishBatch(
      @PathVariable String name, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    return publish(StreamName.ofWriter(name), request, response, true);
  }

  /** Ends the stream for all who watch; the answer is the same when it is closed already. */
  @DeleteMapping
  ResponseEntity<Void> close(@PathVariable String name) {
    publish.close(StreamName.ofWriter(name));
    return ResponseEntity.accepted().build();
  }

  private Published publish(
      StreamName name, HttpServletRequest request, HttpServletResponse response, boolean batch)
      throws IOException {
    List<NewEvent> events = read(name, request, batch);
    quotas.takeEvents(request, response, events.size());
    List<String> ids = publish.publish(name, events).stream().map(EventId::toString).toList();
    return new Published(ids, broadcast.watchers(name.streamId()));
  }

  private List<NewEvent> read(StreamName name, HttpServletRequest request, boolean batch)
      throws IOException {
    if (!readers.tryAcquire()) {
      throw Problem.of(
              HttpStatus.SERVICE_UNAVAILABLE,
              "unavailable",
              "The service is busy",
              "Too many requests publish at this moment. Try again.")
          .retryAfterSeconds(RETRY_SECONDS);
    }
    try {
      DataSize largest = properties.of(name).maxEventSize();
      byte[] body = body(request);
      return batch ? readEvents.batch(body, largest) : readEvents.one(body, largest);
    } finally {
      readers.release();
    }
  }

  private static byte[] body(HttpServletRequest request) throws IOException {
    int most = ReadEvents.MAX_BATCH_BYTES;
    if (request.getContentLengthLong() > most) {
      throw tooLarge(most);
    }
    byte[] body = request.getInputStream().readNBytes(most + 1);
    if (body.length > most) {
      throw tooLarge(most);
    }
    return body;
  }

  private static Problem tooLarge(int most) {
    return Problem.of(
        HttpStatus.CONTENT_TOO_LARGE,
        "too-large",
        "The body is too large",
        "At most %d bytes are taken at once.".formatted(most));
  }
}
