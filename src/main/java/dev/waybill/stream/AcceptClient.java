package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamHistory;
import dev.waybill.event.StreamKinds;
import dev.waybill.event.StreamUnreadableException;
import java.util.List;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.stereotype.Component;

/**
 * Registers a new client and queues the events that the client missed. All transports use this
 * class.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class AcceptClient {

  private final StreamKinds kinds;
  private final OpenStream openStream;
  private final OpenHistory openHistory;
  private final AdmitClient admitClient;
  private final OutboxBudget budget;
  private final StreamMetrics metrics;
  private final Surroundings surroundings;

  /**
   * A client's request to watch one stream.
   *
   * @param seen the client's cursor: the position up to which it has seen the stream; empty if the
   *     client has no cursor
   * @param earliest whether a client without a cursor gets all retained events
   * @param byName whether the connection starts with an event that contains the emitter's ID; false
   *     only for the job endpoints
   */
  record Watch(String streamId, Optional<Cursor> seen, boolean earliest, boolean byName) {

    Optional<EventId> seenId() {
      return seen.map(Cursor::id);
    }
  }

  /** The answer to a client that wants to watch. */
  sealed interface Answer {

    /**
     * The client is registered. The caller must now give the client a connection. If no connection
     * is possible, the caller must call {@link ClientStream#gone}.
     */
    record Accepted(ClientStream client) implements Answer {}

    /**
     * The stream exists and can be watched. This answer occurs only if the request checks the
     * stream without watching the stream.
     */
    record Open() implements Answer {}

    /** The client is refused for now and may reconnect later. */
    record Refused() implements Answer {}

    /** The client has seen the final event and need not reconnect. */
    record AlreadyEnded() implements Answer {}

    /** The stream does not exist. */
    record Unknown(String streamId) implements Answer {}
  }

  /**
   * Accepts or refuses a client. Reads the event log and the database, so it may block.
   *
   * @param caller the ID of the caller that watches, in the form of {@code access.Caller}
   */
  Answer accept(Watch watch, String caller, Transport transport) {
    // Checks that the stream exists before the client is registered. In a cluster, each
    // registration writes to Redis. Without this check, anybody could cause such writes by
    // requesting invented stream IDs.
    Answer known = preview(watch);
    if (known instanceof Answer.Open) {
      ClientStream client = new ClientStream(watch.streamId(), caller, transport, surroundings);
      return admitClient.admit(client, () -> open(client, watch));
    }
    if (known instanceof Answer.Refused) {
      metrics.refused();
    }
    return known;
  }

  /**
   * Checks whether the stream can be watched, as {@link #accept} does, but registers no client.
   * Returns {@link Answer.Open} instead of {@link Answer.Accepted}, and ignores the limits on the
   * number of clients.
   */
  Answer preview(Watch watch) {
    if (watch.seen().filter(Cursor::isClosed).isPresent()) {
      return new Answer.AlreadyEnded();
    }
    try {
      Optional<StreamHistory> history = kinds.history(watch.streamId());
      if (history.isPresent()) {
        return OpenHistory.hasEnded(watch.seen(), history.get().end(watch.streamId()))
            ? new Answer.AlreadyEnded()
            : new Answer.Open();
      }
      return switch (openStream.preview(watch.streamId(), watch.seenId())) {
        case Opening.Unknown() -> new Answer.Unknown(watch.streamId());
        case Opening.AlreadyEnded() -> new Answer.AlreadyEnded();
        case Opening.Events events -> new Answer.Open();
      };
    } catch (StreamUnreadableException e) {
      log.debug("A stream cannot be read now", e);
      return new Answer.Refused();
    } catch (RuntimeException e) {
      log.warn("Cannot read a stream (stream {})", watch.streamId(), e);
      return new Answer.Refused();
    }
  }

  /**
   * Opens the stream of a client that is already registered. Removes the client again unless the
   * answer is {@link Answer.Accepted}.
   */
  Answer openAtPlace(ClientStream client, Watch watch) {
    if (watch.seen().filter(Cursor::isClosed).isPresent()) {
      client.gone();
      return new Answer.AlreadyEnded();
    }
    return admitClient.open(client, () -> open(client, watch));
  }

  private Answer open(ClientStream client, Watch watch) {
    Optional<StreamHistory> history = kinds.history(watch.streamId());
    if (history.isPresent()) {
      return openHistory(client, watch, history.get());
    }
    return switch (openStream.open(watch.streamId(), watch.seenId())) {
      case Opening.Unknown() -> new Answer.Unknown(watch.streamId());
      case Opening.AlreadyEnded() -> new Answer.AlreadyEnded();
      case Opening.Events events -> goLive(client, watch, events);
    };
  }

  private Answer openHistory(ClientStream client, Watch watch, StreamHistory history) {
    OpenHistory.Start start =
        openHistory.open(watch.streamId(), history, watch.seen(), watch.earliest());
    return switch (start) {
      case OpenHistory.Start.AlreadyEnded() -> new Answer.AlreadyEnded();
      case OpenHistory.Start.From from -> goLive(client, watch.streamId(), from);
    };
  }

  private Answer goLive(ClientStream client, String streamId, OpenHistory.Start.From from) {
    long size = Opening.Events.sizeOf(from.missed());
    if (!budget.tryReserve(size, 0)) {
      return new Answer.Refused();
    }
    try {
      long now = surroundings.ticker().nanos();
      EncodedFrame open = EncodedFrame.open(from.cursor().toString(), client.id(), now);
      if (from.complete()) {
        if (!from.gap()) {
          client.startAfter(streamId, from.cursor());
        }
        client.goLiveAfter(open, encode(from.missed()));
      } else {
        client.endAfter(
            open, encode(from.missed()), EncodedFrame.goodbye(RetryDelay.NEXT_PART_MILLIS, now));
      }
    } finally {
      budget.release(size);
    }
    return new Answer.Accepted(client);
  }

  /**
   * Queues the events that the client missed. After that, the client also gets live events.
   * Reserves memory for the missed events before their encoding, because many clients can reconnect
   * at the same time.
   */
  private Answer goLive(ClientStream client, Watch watch, Opening.Events events) {
    long size = events.size();
    if (!budget.tryReserve(size, 0)) {
      return new Answer.Refused();
    }
    try {
      client.openAt(watch.streamId(), events.position());
      if (events.missed().isEmpty()) {
        client.startAfter(watch.streamId(), watch.seenId().orElseThrow());
      }
      client.goLiveAfter(
          watch.byName() ? open(client, watch, events) : null, encode(events.missed()));
    } finally {
      budget.release(size);
    }
    return new Answer.Accepted(client);
  }

  /**
   * Makes the first event of a stream that has a state, such as the stream of a job. If a snapshot
   * follows, the client needs no cursor, so the event has the ID {@link EventId#NOTHING}.
   */
  private EncodedFrame open(ClientStream client, Watch watch, Opening.Events events) {
    EventId cursor =
        events.startsWithState() ? EventId.NOTHING : watch.seenId().orElse(EventId.NOTHING);
    return EncodedFrame.open(cursor.toString(), client.id(), surroundings.ticker().nanos());
  }

  private List<EncodedFrame> encode(List<StreamEvent> events) {
    long now = surroundings.ticker().nanos();
    return events.stream().map(event -> EncodedFrame.of(event, now).from(event)).toList();
  }
}
