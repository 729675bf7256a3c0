package dev.waybill.cluster;

import dev.waybill.event.StreamEvent;
import dev.waybill.platform.OutageLog;
import dev.waybill.problem.Problem;
import dev.waybill.stream.EmitterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lombok.RequiredArgsConstructor;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/** Receives events from other pods and delivers them to the clients of this pod only. */
@RestController
@Profile("cluster")
@RequiredArgsConstructor
class ForwardController {

  static final String PATH = "/internal/events";

  private final ReadSigned readSigned;
  private final EmitterRegistry registry;
  private final Directory directory;
  private final JsonMapper json;
  private final ClusterMetrics metrics;
  private final OutageLog outages;

  /**
   * The answer to a batch of events.
   *
   * @param notHeld the streams in the batch that have no watcher on this pod
   */
  record Receipt(List<String> notHeld) {}

  @PostMapping(PATH)
  Receipt receive(HttpServletRequest request) throws IOException {
    byte[] body = readSigned.read(request, OutgoingEvent.BATCH_BYTES);
    return deliver(body);
  }

  private Receipt deliver(byte[] body) {
    if (lines(body) > Peer.BATCH_EVENTS) {
      throw ReadSigned.tooLarge(
          "At most %d events are taken at once.".formatted(Peer.BATCH_EVENTS));
    }
    Set<String> notHeld = new LinkedHashSet<>();
    Set<String> suspect = new HashSet<>();
    try (MappingIterator<WireEvent> events = json.readerFor(WireEvent.class).readValues(body)) {
      while (events.hasNext()) {
        StreamEvent event = events.next().toEvent();
        metrics.received();
        if (isOld(event)) {
          suspect.add(event.streamId());
        }
        registry.deliver(event);
        if (registry.clientsOf(event.streamId()) == 0) {
          notHeld.add(event.streamId());
        }
      }
    } catch (JacksonException e) {
      outages.report("forward-received", "Another pod sends what this one does not understand", e);
      throw Problem.parameter("The body is not one event a line.");
    }
    // Checks the claims of all streams without clients on this pod. A final event may have just
    // ended the connections of such a stream. In every other case, Redis still has a claim for an
    // emitter that does not exist.
    suspect.addAll(notHeld);
    directory.correct(suspect);
    return new Receipt(List.copyOf(notHeld));
  }

  /**
   * Whether watchers have already seen this event or a later event. Then either the event arrived
   * twice, or the log has started again from lower IDs.
   */
  private boolean isOld(StreamEvent event) {
    return registry
        .lastDelivered(event.streamId())
        .filter(last -> !event.id().isAfter(last))
        .isPresent();
  }

  private static int lines(byte[] body) {
    int lines = 0;
    for (byte b : body) {
      lines += b == '\n' ? 1 : 0;
    }
    return lines;
  }
}
