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

  /** What a stream can be called. Any other text is not worth a question to the database. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~:@-]{1,200}");

  private final EventLog log;
  private final StreamKinds kinds;
  private final EmitterRegistry registry;
  private final OutboxBudget budget;

  /**
   * Reads log and database, and blocks on them. The client must be registered already. Then an
   * event after the log's end reaches it live, and an event before is covered by the state, which
   * is read last.
   *
   * @param seen the last event that the client has seen
   */
  Opening open(String streamId, Optional<EventId> seen) {
    // After a short failure the log may lack events that were delivered here. The state is read
    // later and covers them. An ID must not fall because of that.
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
      // Then the first live event shows whether an earlier one is missing. One may be: another pod
      // forwards events to this one only once it knows that a client watches here.
      registry.startAt(streamId, leastCovered(state.get()));
    }
    return new Opening.Events(
        seen.flatMap(id -> replay(streamId, id, last))
            // A client that was away for long must not cost more memory than the others.
            .filter(events -> Opening.Events.sizeOf(events) <= budget.largestReplay())
            .orElseGet(
                () -> snapshot(streamId, state.get(), end, logIsWhole ? Optional.empty() : seen)),
        state.get().position());
  }

  /**
   * As {@link #open}, for a client that is not registered: it only asks, or was not let in yet.
   * Costs one read of the database, and none for a text that is no stream's name.
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

  /** The events after the one seen, or empty if some of them are lost. */
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
   * The state, and the events that came after it.
   *
   * @param end the newest event that is known; empty if the log knows nothing, such as a log in
   *     memory after a restart
   * @param believed the last event that the client has seen, if the log may lack it; the ID of the
   *     client's next event must not fall below it. If the log is whole, a higher ID than its end
   *     is from the future and counts as not sent.
   */
  private List<StreamEvent> snapshot(
      String streamId, StreamState state, Optional<EventId> end, Optional<EventId> believed) {
    EventId covered =
        Stream.concat(end.stream(), believed.stream())
            // A later epoch than the database knows is none: it was restored from a backup.
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
