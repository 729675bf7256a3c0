package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds what a client of a stream without a state must get first. */
@Component
@RequiredArgsConstructor
class OpenHistory {

  private static final int PART_EVENTS = 64;

  private final EmitterRegistry registry;
  private final OutboxBudget budget;

  /** How a connection starts. */
  sealed interface Start {

    /** The client has seen the event that closed the stream. */
    record AlreadyEnded() implements Start {}

    /**
     * @param cursor from where it goes on
     * @param gap whether the first of the missed events announces that others are lost
     * @param missed what it gets before live events, oldest first
     * @param complete false where more is retained than one connection gets at once; it comes back
     */
    record From(EventId cursor, boolean gap, List<StreamEvent> missed, boolean complete)
        implements Start {}
  }

  /**
   * Reads the history, and blocks on it. The client must be registered already, so that an event
   * after the end that is read here reaches it live.
   *
   * @param earliest whether a client without a cursor gets all that is retained
   */
  Start open(String streamId, StreamHistory history, Optional<Cursor> seen, boolean earliest) {
    StreamHistory.End end = history.end(streamId);
    registry.startAt(streamId, end.last());
    if (hasEnded(seen, end)) {
      return new Start.AlreadyEnded();
    }
    if (seen.isEmpty() && !earliest) {
      // A closed stream answers a new client with its end, and nothing before it.
      return end.closed()
          ? read(streamId, history, end.last().previous(), null)
          : new Start.From(end.last(), false, List.of(), true);
    }
    if (seen.isEmpty()) {
      return read(streamId, history, EventId.NOTHING, null);
    }
    Cursor cursor = seen.get();
    EventId from = cursor.id() == null ? EventId.NOTHING : cursor.id();
    return read(streamId, history, from, cursor);
  }

  /** Whether a client with this cursor need not come back. */
  static boolean hasEnded(Optional<Cursor> seen, StreamHistory.End end) {
    return seen.filter(
            cursor -> cursor.isClosed() || end.closed() && end.last().equals(cursor.id()))
        .isPresent();
  }

  /**
   * Reads all that is retained behind an ID, as far as one connection may hold it.
   *
   * @param cursor what the client has seen; null where it has seen nothing and misses nothing
   */
  private Start.From read(
      String streamId, StreamHistory history, EventId from, @Nullable Cursor cursor) {
    StreamHistory.Part part = history.after(streamId, from, PART_EVENTS);
    boolean gap = cursor != null && (part.gap() || cursor.id() == null);
    List<StreamEvent> missed =
        new ArrayList<>(
            cursor != null && gap
                ? Gaps.announced(streamId, cursor.text(), part, history)
                : part.events());
    EventId opensAt = from;
    if (gap && !missed.getFirst().id().isAfter(from)) {
      opensAt = EventId.NOTHING; // from the future: IDs on one connection must rise
    } else if (cursor == null && part.gap()) {
      opensAt = missed.isEmpty() ? from : missed.getFirst().id().previous();
    }
    long size = Opening.Events.sizeOf(missed);
    boolean more = part.more();
    while (more && size <= budget.largestReplay()) {
      part = history.after(streamId, missed.getLast().id(), PART_EVENTS);
      missed.addAll(part.events());
      size += Opening.Events.sizeOf(part.events());
      more = part.more();
    }
    return new Start.From(opensAt, gap, missed, !more);
  }
}
