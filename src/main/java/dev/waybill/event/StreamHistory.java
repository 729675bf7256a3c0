package dev.waybill.event;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The events of a kind of stream that has no state beside them: they are kept in order by the
 * database for a while. Thread-safe; each call blocks on queries.
 */
public interface StreamHistory {

  /**
   * Where a stream stands.
   *
   * @param last the ID of its newest event, {@link EventId#NOTHING} where there is none
   * @param closed whether that event has closed the stream
   */
  record End(EventId last, boolean closed) {}

  /**
   * A part of what is retained, oldest first.
   *
   * @param events at most as many as were asked for, and not more than some megabytes
   * @param gap whether events between the cursor and these are missing or may be
   * @param more whether more are retained behind them
   */
  record Part(List<StreamEvent> events, boolean gap, boolean more) {}

  End end(String streamId);

  /** The newest event of each of some streams, by few queries; without those that have none. */
  Map<String, EventId> newest(Collection<String> streamIds);

  /**
   * The retained events behind an ID. An event that closed an epoch is left out once the stream was
   * opened again.
   *
   * @param atMost 1 to 64
   */
  Part after(String streamId, EventId id, int atMost);
}
