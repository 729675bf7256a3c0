package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamState;
import java.util.List;

/** Makes the events that can replace all earlier events of a stream. */
final class Snapshots {

  private Snapshots() {}

  /**
   * The snapshot, followed by the final event if the stream has ended.
   *
   * @param covered the ID of the last event that the state is known to contain
   */
  static List<StreamEvent> of(String streamId, StreamState state, EventId covered) {
    StreamEvent end = state.finalEvent();
    EventId known = state.covered() == null ? covered : state.covered();
    EventId id = end == null ? known : end.id().previous();
    StreamEvent snapshot = state.asEvent(streamId, id);
    return end == null ? List.of(snapshot) : List.of(snapshot, end);
  }
}
