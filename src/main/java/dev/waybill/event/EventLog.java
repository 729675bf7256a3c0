package dev.waybill.event;

import java.util.List;
import java.util.Optional;

/** The recent events of every stream, kept so that a watcher can resume. Thread-safe. */
public interface EventLog {

  /** The ID of the newest event of a stream; empty if the log has none, or has forgotten it. */
  Optional<EventId> end(String streamId);

  /**
   * Whether the log failed in the last minutes, so that it may lack events that were published. A
   * client may then have seen an ID above the log's end.
   */
  boolean mayLackEvents();

  /**
   * The events after an ID, oldest first. Empty if one of them may be missing: the log does not
   * know the ID, the ID lies in the future, or older events were dropped. An empty list means that
   * the ID is the newest one.
   */
  Optional<List<StreamEvent>> after(String streamId, EventId id);
}
