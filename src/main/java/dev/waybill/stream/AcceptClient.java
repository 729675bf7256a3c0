package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import java.util.List;
import java.util.Optional;
import lombok.extern.slf4j.Slf4j;
import org.springframework.stereotype.Component;

/** Registers a new client and queues what it missed. The same for every transport. */
@Slf4j
@Component
class AcceptClient {

  private final OpenStream openStream;
  private final EmitterRegistry registry;
  private final OutboxBudget budget;
  private final StreamMetrics metrics;
  private final ClientStream.Surroundings surroundings;

  AcceptClient(
      OpenStream openStream,
      EmitterRegistry registry,
      OutboxBudget budget,
      StreamProperties properties,
      Ticker ticker,
      Drainers drainers,
      StreamMetrics metrics) {
    this.openStream = openStream;
    this.registry = registry;
    this.budget = budget;
    this.metrics = metrics;
    this.surroundings =
        new ClientStream.Surroundings(
            new ClientStream.Limits(
                properties.outboxSize().toBytes(), properties.maxStall(), budget),
            ticker,
            drainers,
            metrics,
            registry::retire,
            registry::forget);
  }

  /** What becomes of a client. */
  sealed interface Answer {

    /** It needs a connection now, or {@link ClientStream#gone} if it cannot get one. */
    record Accepted(ClientStream client) implements Answer {}

    /** There is such a stream; the answer to a client that only asks. */
    record Open() implements Answer {}

    /** Not now: it may come back later. */
    record Refused() implements Answer {}

    /** It has seen the final event and need not come back. */
    record AlreadyEnded() implements Answer {}

    /** There is no such stream. */
    record Unknown() implements Answer {}
  }

  /**
   * Blocks on the log and the database.
   *
   * @param seen the last event that the client has seen
   * @param caller who watches, as {@code access.Caller} names it
   */
  Answer accept(String streamId, Optional<EventId> seen, String caller, Transport transport) {
    // Asked before a place is taken: a claim is written to Redis, and anybody can invent IDs.
    Answer known = preview(streamId, seen);
    Answer answer = known instanceof Answer.Open ? admit(streamId, seen, caller, transport) : known;
    if (answer instanceof Answer.Refused) {
      metrics.refused();
    }
    return answer;
  }

  private Answer admit(
      String streamId, Optional<EventId> seen, String caller, Transport transport) {
    ClientStream client =
        new ClientStream(
            streamId,
            caller,
            transport,
            EncodedFrame.preface(RetryDelay.ORDINARY_MILLIS, surroundings.ticker().nanos()),
            surroundings);
    Answer answer = new Answer.Refused();
    try {
      if (registry.register(client)) {
        answer = open(client, seen);
      }
    } catch (RuntimeException e) {
      // An error status would stop an EventSource for good; a database usually comes back.
      log.warn("Cannot open a stream (stream {})", streamId, e);
    } finally {
      if (!(answer instanceof Answer.Accepted)) {
        client.gone();
      }
    }
    return answer;
  }

  /** As {@link #accept}, for a client that only asks and gets no events. */
  Answer preview(String streamId, Optional<EventId> seen) {
    try {
      return switch (openStream.preview(streamId, seen)) {
        case Opening.Unknown() -> new Answer.Unknown();
        case Opening.AlreadyEnded() -> new Answer.AlreadyEnded();
        case Opening.Events events -> new Answer.Open();
      };
    } catch (RuntimeException e) {
      log.warn("Cannot read a stream (stream {})", streamId, e);
      return new Answer.Refused();
    }
  }

  private Answer open(ClientStream client, Optional<EventId> seen) {
    return switch (openStream.open(client.streamId(), seen)) {
      case Opening.Unknown() -> new Answer.Unknown();
      case Opening.AlreadyEnded() -> new Answer.AlreadyEnded();
      case Opening.Events events -> goLive(client, seen, events);
    };
  }

  /** Reserves the bytes before it encodes: many clients may come back at the same moment. */
  private Answer goLive(ClientStream client, Optional<EventId> seen, Opening.Events events) {
    long size = events.size();
    if (!budget.tryReserve(size, 0)) {
      return new Answer.Refused();
    }
    try {
      client.openAt(events.position());
      if (events.missed().isEmpty()) {
        client.resume(seen.orElseThrow());
      } else {
        client.goLive(encode(events.missed()));
      }
    } finally {
      budget.release(size);
    }
    return new Answer.Accepted(client);
  }

  private List<EncodedFrame> encode(List<StreamEvent> events) {
    long now = surroundings.ticker().nanos();
    return events.stream().map(event -> EncodedFrame.of(event, now)).toList();
  }
}
