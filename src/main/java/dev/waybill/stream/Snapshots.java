package dev.waybill.stream;

import dev.waybill.event.EventId;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamState;
import java.util.List;

/** Makes the events that stand in for a stream's past. */
final class Snapshots {

  private Snapshots() {}

  /**
   * The snapshot, and where the stream has ended its final event.
   *
   * @param covered the last event that the state is known to cover
   */
  static List<StreamEvent> of(String streamId, StreamState state, EventId covered) {
    StreamEvent end = state.finalEvent();
    EventId id = end == null ? covered : end.id().previous();
    StreamEvent snapshot = state.asEvent(streamId, id);
    return end == null ? List.of(snapshot) : List.of(snapshot, end);
  }
}
