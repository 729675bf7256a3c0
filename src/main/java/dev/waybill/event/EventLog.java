package dev.waybill.event;

import java.util.List;
import java.util.Optional;

/** The recent events of every stream, kept so that a watcher can resume. Thread-safe. */
public interface EventLog {

  /** The ID of the newest event of a stream, or empty where none is known (any more). */
  Optional<EventId> end(String streamId);

  /**
   * Whether events may have been published in the last minutes that this log does not have, because
   * it failed. The ID of an event that a client has seen may then lie above the log's end.
   */
  boolean mayLackEvents();

  /**
   * The events after an ID, oldest first, or empty where the log cannot vouch that none is missing:
   * the ID is unknown to it, lies in the future, or older events were dropped. An empty list says
   * that the ID is the newest.
   */
  Optional<List<StreamEvent>> after(String streamId, EventId id);
}
