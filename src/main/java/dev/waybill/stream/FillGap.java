package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.EventLog;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamHistory;
import dev.waybill.event.StreamKinds;
import dev.waybill.event.StreamState;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Fills a gap in a watched stream: reads the events that this pod has missed from the log. If the
 * log does not contain them, sends a snapshot instead.
 */
@Slf4j
@Component
@RequiredArgsConstructor
class FillGap {

  /** The maximum number of events that one read of a history returns. */
  private static final int PART_EVENTS = 64;

  /**
   * The number of attempts to fill the gap with a snapshot. If all of them fail, the gap stays and
   * the clients must reconnect.
   */
  private static final int SNAPSHOTS = 3;

  // The event log is looked up only when it is needed, because the log can itself depend on this
  // class.
  private final ObjectProvider<EventLog> eventLog;
  private final StreamKinds kinds;

  private final Ticker ticker;

  /**
   * Fills the gap. Can block on the event log and the database. If neither of them can fill the
   * gap, the clients must reconnect. This method never throws an exception, only an {@link Error}.
   * Before it throws an {@link Error}, it clears the mark of the gap, so that the next event starts
   * this method again.
   */
  void fill(WatchedStream stream) {
    boolean filled = false;
    try {
      filled = fillWithRetries(stream, stream.restarts());
      if (!filled) {
        log.warn(
            "A gap could not be filled; the clients must reconnect (stream {})", stream.streamId());
      }
    } catch (Throwable e) {
      // Catches every Throwable, including an OutOfMemoryError. Otherwise the watchers of this
      // stream would never get an event again.
      log.warn("Cannot read what was missed (stream {})", stream.streamId(), e);
    } finally {
      if (!filled) {
        stream.giveUpGap();
        stream.endAll(EncodedFrame.goodbye(RetryDelay.jitteredMillis(), ticker.nanos()));
      }
    }
  }

  private boolean fillWithRetries(WatchedStream stream, int restarts) {
    Optional<StreamHistory> history = kinds.history(stream.streamId());
    if (history.isPresent()) {
      return catchUp(stream, restarts, history.get());
    }
    if (fillFromLog(stream, restarts)) {
      return true;
    }
    for (int i = 0; i < SNAPSHOTS; i++) {
      if (replaceBySnapshot(stream, restarts)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reads the history in parts until it has no more events. Returns whether no event is missing
   * after that.
   */
  private boolean catchUp(WatchedStream stream, int restarts, StreamHistory history) {
    while (true) {
      EventId last = stream.last().orElse(EventId.NOTHING);
      StreamHistory.Part part = history.after(stream.streamId(), last, PART_EVENTS);
      List<StreamEvent> events = Gaps.announced(stream.streamId(), last, part, history);
      boolean complete = stream.catchUp(restarts, events);
      if (!part.more() && (complete || events.isEmpty())) {
        return complete;
      }
    }
  }

  private boolean fillFromLog(WatchedStream stream, int restarts) {
    if (stream.last().isEmpty() && eventLog.getObject().end(stream.streamId()).isEmpty()) {
      return stream.fill(restarts, List.of()); // nothing was published, so nothing was missed
    }
    return stream
        .last()
        .flatMap(last -> eventLog.getObject().after(stream.streamId(), last))
        .map(missing -> stream.fill(restarts, missing))
        .orElse(false);
  }

  private boolean replaceBySnapshot(WatchedStream stream, int restarts) {
    // Reads the ID of the last known event before it reads the state. So the state contains at
    // least all events up to this ID.
    Optional<EventId> covered =
        Stream.concat(
                eventLog.getObject().end(stream.streamId()).stream(), stream.newest().stream())
            .max(EventId::compareTo);
    Optional<StreamState> state = kinds.state(stream.streamId());
    return covered.isPresent()
        && state.isPresent()
        && stream.replace(restarts, Snapshots.of(stream.streamId(), state.get(), covered.get()));
  }
}
