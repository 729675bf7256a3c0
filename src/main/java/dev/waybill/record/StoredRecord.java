package dev.waybill.record;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.StreamEvent;
import dev.waybill.event.StreamState;
import org.jspecify.annotations.Nullable;

/**
 * A watched record with its values in the database.
 *
 * @param epoch the epoch of the record's poller, higher than the epochs of all earlier pollers
 * @param sequence the number of the last event in this epoch
 * @param body the record as it was last read, as one line of JSON
 * @param end the name of the final event, or null if the record has not ended
 * @param leased whether a pod has a valid lease to poll the record
 * @param fresh whether the record was read within its interval
 */
record StoredRecord(
    String streamId,
    int epoch,
    long sequence,
    String body,
    @Nullable String end,
    boolean leased,
    boolean fresh) {

  static final String COMPLETE = "complete";
  static final String ERROR = "error";

  static final EventType SNAPSHOT = EventType.of("snapshot", Delivery.STATE);
  static final EventType CHANGE = EventType.of("change", Delivery.EACH);

  private static final String VANISHED =
      "{\"code\":\"record-vanished\",\"detail\":\"The record is no longer there.\"}";

  StoredRecord with(long sequence, String body, @Nullable String end) {
    return new StoredRecord(streamId, epoch, sequence, body, end, leased, fresh);
  }

  boolean isVanished() {
    return ERROR.equals(end);
  }

  EventId last() {
    return new EventId(epoch, sequence);
  }

  StreamState state() {
    StreamEvent last = finalEvent();
    EventId covered = last == null ? last() : last().previous();
    return new StreamState(SNAPSHOT, body, 0, epoch, last, covered);
  }

  StreamEvent snapshot() {
    return event(end == null ? last() : last().previous(), SNAPSHOT, body);
  }

  /** The final event; null if the record has not ended. */
  @Nullable StreamEvent finalEvent() {
    return end == null
        ? null
        : event(last(), EventType.of(end, Delivery.LAST), isVanished() ? VANISHED : body);
  }

  StreamEvent event(EventId id, EventType type, String data) {
    return new StreamEvent(streamId, id, type, data, 0);
  }
}
