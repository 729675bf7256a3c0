package dev.waybill.event;

import java.util.List;
import java.util.Optional;

/** Stores the recent events of every stream, so that a watcher can resume. Thread-safe. */
public interface EventLog {

  /**
   * The ID of the newest event of a stream; empty if the log never had an event of the stream or
   * has deleted it.
   */
  Optional<EventId> end(String streamId);

  /**
   * Whether the log failed in the last minutes, so that published events can be missing in the log.
   * In this case a client may have seen an ID above the end of the log.
   */
  boolean mayLackEvents();

  /**
   * The events after an ID, oldest first. The {@code Optional} is empty if one of these events may
   * be missing. An event may be missing if the log does not contain the ID, if the ID is above the
   * log's end, or if older events were dropped. An empty list means that no event was published
   * after the ID.
   */
  Optional<List<StreamEvent>> after(String streamId, EventId id);
}
