package dev.waybill.event;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The events of a kind of stream that has no state. The database stores the events in order for a
 * limited time. Thread-safe; each call blocks on queries.
 */
public interface StreamHistory {

  /**
   * The end of a stream.
   *
   * @param last the ID of the newest event of the stream, or {@link EventId#NOTHING} if the stream
   *     has no event
   * @param closed whether the newest event has closed the stream
   */
  record End(EventId last, boolean closed) {}

  /**
   * A part of the retained events, oldest first.
   *
   * @param events the events, at most as many as were requested, and not more than some megabytes
   * @param gap whether events between the cursor and these events are missing or can be missing
   * @param more whether more retained events follow
   */
  record Part(List<StreamEvent> events, boolean gap, boolean more) {}

  End end(String streamId);

  /**
   * The ID of the newest event of each given stream, read with few queries. Leaves out streams
   * without events.
   */
  Map<String, EventId> newest(Collection<String> streamIds);

  /**
   * The retained events after an ID. Leaves out an event that closed the stream if the stream was
   * opened again.
   *
   * @param atMost the maximum number of events to return, 1 to 64
   */
  Part after(String streamId, EventId id, int atMost);
}
