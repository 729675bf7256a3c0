package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamHistory;
import dev.waybill.event.StreamKinds;
import dev.waybill.stream.AcceptClient.Answer;
import dev.waybill.stream.AcceptClient.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Registers a new client that watches several streams on one connection. Queues the events that the
 * client missed in each stream.
 */
@Component
@RequiredArgsConstructor
class AcceptSeveral {

  private final StreamKinds kinds;
  private final AcceptClient acceptClient;
  private final OpenStream openStream;
  private final OpenHistory openHistory;
  private final AdmitClient admitClient;
  private final OutboxBudget budget;
  private final StreamMetrics metrics;
  private final Surroundings surroundings;

  /**
   * A client's request to watch several streams.
   *
   * @param streams at least one stream, and no stream twice
   * @param earliest whether the client gets all retained events of each stream for which it has no
   *     cursor
   */
  record WatchSeveral(List<NamedStream> streams, JoinedCursor cursor, boolean earliest) {}

  /** Accepts or refuses a client. Reads the event log and the database, so it may block. */
  Answer accept(WatchSeveral watch, String caller, Transport transport) {
    Answer known = preview(watch);
    if (known instanceof Answer.Open) {
      Outbox outbox = surroundings.limits().outbox(transport.form());
      JoinedRules rules = new JoinedRules(watch.streams(), outbox, transport.form(), metrics);
      ClientStream client = new ClientStream(outbox, rules, caller, transport, surroundings);
      return admitClient.admit(client, () -> open(client, rules, watch));
    }
    if (known instanceof Answer.Refused) {
      metrics.refused();
    }
    return known;
  }

  /**
   * Checks whether the streams can be watched, as {@link #accept} does, but registers no client. If
   * one stream is unknown, the answer is {@link Answer.Unknown} for that stream.
   */
  Answer preview(WatchSeveral watch) {
    if (watch.cursor().isClosed()) {
      return new Answer.AlreadyEnded();
    }
    Answer all = new Answer.AlreadyEnded();
    for (int i = 0; i < watch.streams().size(); i++) {
      Optional<Cursor> seen = watch.cursor().seen().get(i);
      String streamId = watch.streams().get(i).id();
      Answer one = acceptClient.preview(new Watch(streamId, seen, watch.earliest(), true));
      if (one instanceof Answer.Unknown) {
        return one;
      }
      if (!(one instanceof Answer.AlreadyEnded) && !(all instanceof Answer.Refused)) {
        all = one;
      }
    }
    return all;
  }

  /**
   * The way in which one of the streams starts for the client. Also states whether the client must
   * reconnect to get the remaining events.
   */
  private sealed interface Start {

    record Unknown() implements Start {}

    /** The client has seen the final event of the stream. */
    record Ended(EventId seen) implements Start {}

    /**
     * @param position the ID after which the client gets events; null if it gets a snapshot first
     * @param hasSeen whether the client has already got all events up to the position
     * @param shown the current progress of the job or record, as {@link Rules#openAt} defines it;
     *     negative for a stream without a state
     */
    record From(
        @Nullable EventId position,
        boolean hasSeen,
        long shown,
        List<StreamEvent> missed,
        boolean complete)
        implements Start {}
  }

  private Answer open(ClientStream client, JoinedRules rules, WatchSeveral watch) {
    List<StreamEvent> missed = new ArrayList<>();
    boolean complete = true;
    boolean goesOn = false;
    for (int i = 0; i < watch.streams().size(); i++) {
      String streamId = watch.streams().get(i).id();
      Optional<Cursor> seen = watch.cursor().seen().get(i);
      if (!complete) {
        EventId position = unread(streamId, seen, watch.earliest());
        client.prepare(() -> rules.startAt(streamId, position));
        continue;
      }
      switch (start(streamId, seen, watch.earliest())) {
        case Start.Unknown() -> {
          return new Answer.Unknown(streamId);
        }
        case Start.Ended(EventId end) -> client.prepare(() -> rules.alreadyEnded(streamId, end));
        case Start.From from -> {
          client.prepare(() -> start(rules, streamId, from));
          missed.addAll(from.missed());
          goesOn = true;
          // The limit on the size of missed events applies to the sum over all streams of one
          // connection.
          complete = from.complete() && Opening.Events.sizeOf(missed) <= budget.largestReplay();
        }
      }
    }
    return goesOn ? goLive(client, rules, missed, complete) : new Answer.AlreadyEnded();
  }

  private static void start(JoinedRules rules, String streamId, Start.From from) {
    rules.startAt(streamId, from.position());
    if (from.hasSeen() && from.position() != null) {
      rules.startAfter(streamId, from.position());
    }
    if (from.shown() >= 0) {
      rules.openAt(streamId, from.shown());
    }
  }

  private Answer goLive(
      ClientStream client, JoinedRules rules, List<StreamEvent> missed, boolean complete) {
    long size = Opening.Events.sizeOf(missed);
    if (!budget.tryReserve(size, 0)) {
      return new Answer.Refused();
    }
    try {
      long now = surroundings.ticker().nanos();
      EncodedFrame open = EncodedFrame.open(rules.joinedId(), client.id(), now);
      List<EncodedFrame> frames =
          missed.stream().map(event -> EncodedFrame.of(event, now).from(event)).toList();
      if (complete) {
        client.goLiveAfter(open, frames);
      } else {
        client.endAfter(open, frames, EncodedFrame.goodbye(RetryDelay.NEXT_PART_MILLIS, now));
      }
    } finally {
      budget.release(size);
    }
    return new Answer.Accepted(client);
  }

  private Start start(String streamId, Optional<Cursor> seen, boolean earliest) {
    Optional<StreamHistory> history = kinds.history(streamId);
    if (history.isPresent()) {
      return switch (openHistory.open(streamId, history.get(), seen, earliest)) {
        case OpenHistory.Start.AlreadyEnded() -> new Start.Ended(idOf(seen).orElseThrow());
        case OpenHistory.Start.From(EventId cursor, boolean gap, var missed, boolean complete) ->
            new Start.From(cursor, !gap, -1, missed, complete);
      };
    }
    Optional<EventId> id = idOf(seen);
    return switch (openStream.open(streamId, id)) {
      case Opening.Unknown() -> new Start.Unknown();
      case Opening.AlreadyEnded() -> new Start.Ended(id.orElseThrow());
      case Opening.Events events ->
          events.startsWithState()
              ? new Start.From(null, false, events.position(), events.missed(), true)
              : new Start.From(id.orElseThrow(), true, events.position(), events.missed(), true);
    };
  }

  /**
   * The position in a stream that this connection does not serve, because the missed events of the
   * previous streams already reach the limit of one connection. The client gets the events after
   * this position on its next connection.
   */
  private @Nullable EventId unread(String streamId, Optional<Cursor> seen, boolean earliest) {
    Optional<StreamHistory> history = kinds.history(streamId);
    if (history.isEmpty()) {
      return idOf(seen).orElse(null);
    }
    return seen.isEmpty() && !earliest
        ? history.get().end(streamId).last()
        : idOf(seen).orElse(EventId.NOTHING);
  }

  private static Optional<EventId> idOf(Optional<Cursor> seen) {
    return seen.map(Cursor::id);
  }
}
