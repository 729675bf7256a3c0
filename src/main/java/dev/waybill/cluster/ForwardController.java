package dev.waybill.cluster;

import dev.waybill.event.StreamEvent;
import dev.waybill.problem.Problem;
import dev.waybill.stream.EmitterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/** Takes events from other pods and delivers them to the clients of this one, and nowhere else. */
@Slf4j
@RestController
@Profile("cluster")
@RequiredArgsConstructor
class ForwardController {

  static final String PATH = "/internal/events";

  private final SealCheck sealCheck;
  private final EmitterRegistry registry;
  private final Directory directory;
  private final JsonMapper json;
  private final ClusterMetrics metrics;

  /**
   * The answer to a batch.
   *
   * @param notHeld the streams of the batch that nobody watches here
   */
  record Receipt(List<String> notHeld) {}

  @PostMapping(PATH)
  Receipt receive(HttpServletRequest request) throws IOException {
    SealCheck.Claimed claimed =
        sealCheck
            .claimed(
                request.getHeader(Seal.TIME),
                request.getHeader(Seal.NONCE),
                request.getHeader(Seal.TARGET),
                request.getHeader(Seal.SIGNATURE))
            .orElseThrow(this::refusal);
    byte[] body = request.getInputStream().readNBytes(Parcel.BATCH_BYTES + 1);
    if (body.length > Parcel.BATCH_BYTES) {
      throw Problem.of(
          HttpStatus.CONTENT_TOO_LARGE,
          "too-large",
          "The body is too large",
          "At most %d bytes are taken at once.".formatted(Parcel.BATCH_BYTES));
    }
    if (!sealCheck.proves(claimed, body)) {
      throw refusal();
    }
    return deliver(body);
  }

  private Receipt deliver(byte[] body) {
    Set<String> notHeld = new LinkedHashSet<>();
    try (MappingIterator<WireEvent> events = json.readerFor(WireEvent.class).readValues(body)) {
      while (events.hasNext()) {
        StreamEvent event = events.next().toEvent();
        metrics.received();
        registry.deliver(event);
        if (registry.clientsOf(event.streamId()) == 0) {
          notHeld.add(event.streamId());
        }
      }
    } catch (JacksonException e) {
      log.warn("Another pod sends what this one does not understand: {}", e.getMessage());
      throw Problem.parameter("The body is not one event a line.");
    }
    // A final event has just ended its clients; else Redis has a claim that is none.
    notHeld.forEach(directory::correct);
    return new Receipt(List.copyOf(notHeld));
  }

  /** One and the same whatever is wrong: who has no secret learns nothing. */
  private Problem refusal() {
    metrics.refused();
    return Problem.of(
        HttpStatus.FORBIDDEN,
        "forbidden",
        "The request is refused",
        "This address is for the pods of one cluster among themselves.");
  }
}
