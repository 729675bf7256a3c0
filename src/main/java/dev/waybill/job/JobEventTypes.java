package dev.waybill.job;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventType;

/** The events of a job's stream: their names on the wire and how each is delivered. */
final class JobEventTypes {

  /** The whole job; stands in for every event up to its ID. */
  static final EventType SNAPSHOT = EventType.of("snapshot", Delivery.STATE);

  /** The newest counters; a later one makes an earlier one worthless. */
  static final EventType PROGRESS = EventType.of("progress", Delivery.LATEST);

  static final EventType COMPLETE = EventType.of("complete", Delivery.LAST);
  static final EventType ERROR = EventType.of("error", Delivery.LAST);
  static final EventType CANCELLED = EventType.of("cancelled", Delivery.LAST);

  private JobEventTypes() {}
}
