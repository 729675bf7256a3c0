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

/** Finds the events that a client must get first on a stream that has no state. */
@Component
@RequiredArgsConstructor
class OpenHistory {

  private static final int PART_EVENTS = 64;

  private final EmitterRegistry registry;
  private final OutboxBudget budget;

  /** The way in which a connection starts. */
  sealed interface Start {

    /**
     * The client has seen the event that closed the stream, or an operator has closed its
     * connection.
     */
    record AlreadyEnded() implements Start {}

    /**
     * @param cursor the ID after which the client gets events
     * @param gap whether some events are lost; if so, the first of the missed events reports the
     *     loss
     * @param missed the events that the client gets before live events, oldest first
     * @param complete false if there are more retained events than one connection may get; the
     *     client must reconnect to get the remaining events
     */
    record From(EventId cursor, boolean gap, List<StreamEvent> missed, boolean complete)
        implements Start {}
  }

  /**
   * Reads the history, and can block during the read. The client must already be registered.
   * Otherwise the client would miss an event that is published after this read.
   *
   * @param earliest whether a client without a cursor gets all retained events
   */
  Start open(String streamId, StreamHistory history, Optional<Cursor> seen, boolean earliest) {
    StreamHistory.End end = history.end(streamId);
    registry.startAt(streamId, end.last());
    if (hasEnded(seen, end)) {
      return new Start.AlreadyEnded();
    }
    if (seen.isEmpty() && !earliest) {
      // A new client of a closed stream gets only the event that closed the stream.
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

  /** Whether a client with this cursor has seen the end of the stream and need not reconnect. */
  static boolean hasEnded(Optional<Cursor> seen, StreamHistory.End end) {
    return seen.filter(
            cursor -> cursor.isClosed() || end.closed() && end.last().equals(cursor.id()))
        .isPresent();
  }

  /**
   * Reads the retained events after an ID, in parts. Stops after the part with which the total size
   * exceeds the maximum for one connection.
   *
   * @param cursor the client's cursor; null if the client has no cursor. Without a cursor, no gap
   *     is reported
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
      opensAt = EventId.NOTHING; // the client's ID is above the stream's end, but IDs must ascend
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
