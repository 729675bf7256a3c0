package dev.waybill.channel;

import dev.waybill.access.Quotas;
import dev.waybill.event.EventBroadcast;
import dev.waybill.event.EventId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import lombok.RequiredArgsConstructor;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The API to publish to audience streams and to close audience streams. The publisher chooses the
 * name of an audience stream.
 */
@RestController
@RequestMapping("/api/streams/{name}")
@RequiredArgsConstructor
class PublishController {

  private final ReadBody readBody;
  private final PublishEvents publish;
  private final ChannelProperties properties;
  private final EventBroadcast broadcast;
  private final Quotas quotas;

  /**
   * The answer to a publisher.
   *
   * @param ids the IDs of the published events, in order
   * @param watchers the number of connections that watch the stream now, on all pods
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

  /** Ends the stream for all watchers. The answer is the same if the stream is already closed. */
  @DeleteMapping
  ResponseEntity<Void> close(@PathVariable String name) {
    publish.close(StreamName.ofWriter(name));
    return ResponseEntity.accepted().build();
  }

  private Published publish(
      StreamName name, HttpServletRequest request, HttpServletResponse response, boolean batch)
      throws IOException {
    DataSize largest = properties.of(name).maxEventSize();
    List<NewEvent> events =
        batch ? readBody.batch(request, largest) : List.of(readBody.one(request, largest));
    quotas.takeEvents(request, response, events.size());
    List<String> ids = publish.publish(name, events).stream().map(EventId::toString).toList();
    return new Published(ids, broadcast.watchers(name.streamId()));
  }
}
