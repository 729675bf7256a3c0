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

/** Determines whether a client first gets the events that it missed, or a snapshot. */
@Component
@RequiredArgsConstructor
class OpenStream {

  /** The allowed names of streams. For any other text, no database query is made. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~:@-]{1,200}");

  private final EventLog log;
  private final StreamKinds kinds;
  private final EmitterRegistry registry;
  private final OutboxBudget budget;

  /**
   * Reads the event log and the database, and can block on both. The client must already be
   * registered, so that it misses no event. Events after the end of the log reach the client live.
   * The state is read last, so it contains all events up to the end of the log.
   *
   * @param seen the last event that the client has seen
   */
  Opening open(String streamId, Optional<EventId> seen) {
    // After a short failure, the log may lack events that were already delivered to clients of this
    // pod. The state contains these events, because the state is read later. This code also
    // considers the ID of the last delivered event. Otherwise the IDs that a client gets could
    // become lower again.
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
      // With this starting ID, the first live event shows whether an earlier event is missing. An
      // event can be missing because another pod forwards events to this pod only after the other
      // pod has learnt that a client watches here.
      registry.startAt(streamId, leastCovered(state.get()));
    }
    return new Opening.Events(
        seen.flatMap(id -> replay(streamId, id, last))
            // The replay is limited, so that a client that was away for a long time does not need
            // more memory than other clients.
            .filter(events -> Opening.Events.sizeOf(events) <= budget.largestReplay())
            .orElseGet(
                () -> snapshot(streamId, state.get(), end, logIsWhole ? Optional.empty() : seen)),
        state.get().position());
  }

  /**
   * Returns the same kind of answer as {@link #open}, but without events. Used for clients that are
   * not registered, because they only check the stream or are not admitted yet. Reads the database
   * once, or not at all if the text cannot be the name of a stream.
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

  /** The events after the last event that the client has seen; empty if some of them are lost. */
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
   * The state, followed by the events that were published after the state was read.
   *
   * @param end the newest known event; empty if the log has no event, such as a log in memory after
   *     a restart
   * @param believed the last event that the client claims to have seen, if the log may lack this
   *     event; the ID of the client's next event must not be lower. Empty if the log is complete,
   *     because then an ID above the end of the log is invalid.
   */
  private List<StreamEvent> snapshot(
      String streamId, StreamState state, Optional<EventId> end, Optional<EventId> believed) {
    EventId covered =
        Stream.concat(end.stream(), believed.stream())
            // Ignores an ID whose epoch is later than the epoch in the database. Such IDs exist if
            // the database was restored from a backup.
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

  /**
   * The ID of the last event that a state certainly contains. This ID is used if the log contains
   * no event of the stream.
   */
  private static EventId leastCovered(StreamState state) {
    if (state.covered() != null) {
      return state.covered();
    }
    return state.epoch() == 0 ? EventId.QUEUED : EventId.first(state.epoch());
  }
}
