package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.EventLog;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamKinds;
import dev.waybill.event.StreamState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds what a client must get first: the events that it missed, or a snapshot. */
@Component
@RequiredArgsConstructor
class OpenStream {

  /** The allowed names of streams. No database query is made for any other text. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~:@-]{1,200}");

  private final EventLog log;
  private final StreamKinds kinds;
  private final EmitterRegistry registry;
  private final OutboxBudget budget;

  /**
   * Reads the event log and the database, and may block on them. The client must already be
   * registered. Then an event after the end of the log reaches it live. An event before the end is
   * contained in the state, which is read last.
   *
   * @param seen the last event that the client has seen
   */
  Opening open(String streamId, Optional<EventId> seen) {
    // After a short failure the log may lack events that were delivered to clients of this pod. The
    // state contains them, because it is read later. The IDs that a client gets must not fall
    // because of these missing events.
    Optional<EventId> delivered = registry.lastDelivered(streamId);
    Optional<EventId> logged = log.end(streamId);
    boolean logIsWhole = logged.isPresent() && !log.mayLackEvents();
    Optional<EventId> end =
        Stream.concat(logged.stream(), delivered.stream()).max(EventId::compareTo);
    end.ifPresent(id -> registry.startAt(streamId, id));
    Optional<StreamState> state = kinds.state(streamId);
    if (state.isEmpty()) {
      return new Opening.Unknown();
    }
    StreamEvent last = state.get().finalEvent();
    if (last != null && seen.equals(Optional.of(last.id()))) {
      return new Opening.AlreadyEnded();
    }
    if (end.isEmpty() && last == null) {
      // With this start, the first live event shows whether an earlier one is missing. An event can
      // be missing because another pod forwards events to this one only after it knows that a
      // client watches here.
      registry.startAt(streamId, leastCovered(state.get()));
    }
    return new Opening.Events(
        seen.flatMap(id -> replay(streamId, id, last))
            // A client that was away for a long time must not cost more memory than other clients.
            .filter(events -> Opening.Events.sizeOf(events) <= budget.largestReplay())
            .orElseGet(
                () -> snapshot(streamId, state.get(), end, logIsWhole ? Optional.empty() : seen)),
        state.get().position());
  }

  /**
   * Gives the same kind of answer as {@link #open}, but without events, for a client that is not
   * registered: it only asks, or is not admitted yet. Reads the database once, or not at all if the
   * text cannot be the name of a stream.
   */
  Opening preview(String streamId, Optional<EventId> seen) {
    if (!NAME.matcher(streamId).matches()) {
      return new Opening.Unknown();
    }
    Optional<StreamState> state = kinds.state(streamId);
    if (state.isEmpty()) {
      return new Opening.Unknown();
    }
    StreamEvent last = state.get().finalEvent();
    return last != null && seen.equals(Optional.of(last.id()))
        ? new Opening.AlreadyEnded()
        : new Opening.Events(List.of(), state.get().position());
  }

  /** The events after the one that the client has seen, or empty if some of them are lost. */
  private Optional<List<StreamEvent>> replay(
      String streamId, EventId seen, @Nullable StreamEvent last) {
    if (last != null && last.follows(seen)) {
      return Optional.of(List.of(last));
    }
    if (last != null && seen.isAfter(last.id())) {
      return Optional.empty();
    }
    Optional<List<StreamEvent>> logged = log.after(streamId, seen);
    if (last == null || logged.isEmpty()) {
      return logged;
    }
    List<StreamEvent> events = new ArrayList<>(logged.get());
    EventId shown = events.isEmpty() ? seen : events.getLast().id();
    if (shown.equals(last.id())) {
      return logged;
    }
    events.add(last);
    return last.follows(shown) ? Optional.of(events) : Optional.empty();
  }

  /**
   * The state, and the events that were published after it.
   *
   * @param end the newest known event; empty if the log has no event, such as a log in memory after
   *     a restart
   * @param believed the last event that the client has seen, if the log may lack it; the ID of the
   *     client's next event must not be lower. If the log is complete, an ID above its end is
   *     invalid, and this parameter is empty.
   */
  private List<StreamEvent> snapshot(
      String streamId, StreamState state, Optional<EventId> end, Optional<EventId> believed) {
    EventId covered =
        Stream.concat(end.stream(), believed.stream())
            // Ignores an epoch that is later than the one in the database: the database was
            // restored from a backup.
            .filter(id -> id.epoch() > 0 && id.epoch() <= state.epoch())
            .max(EventId::compareTo)
            .orElse(leastCovered(state));
    List<StreamEvent> events = new ArrayList<>(Snapshots.of(streamId, state, covered));
    EventId shown = events.getFirst().id();
    if (state.finalEvent() == null && end.isPresent() && !shown.isAfter(end.get())) {
      log.after(streamId, shown)
          .filter(after -> Opening.Events.sizeOf(after) <= budget.largestReplay())
          .ifPresent(events::addAll);
    }
    return events;
  }

  /** The last event that a state certainly covers, if the log knows nothing. */
  private static EventId leastCovered(StreamState state) {
    if (state.covered() != null) {
      return state.covered();
    }
    return state.epoch() == 0 ? EventId.QUEUED : EventId.first(state.epoch());
  }
}
