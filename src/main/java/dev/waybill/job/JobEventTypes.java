package dev.waybill.job;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventType;

/** The types of events in a job's stream. Each type has a name and a delivery rule. */
final class JobEventTypes {

  /** The whole state of the job. A snapshot replaces every event up to the ID of the snapshot. */
  static final EventType SNAPSHOT = EventType.of("snapshot", Delivery.STATE);

  /**
   * The current counters of the job. A client that gets a newer progress event does not need the
   * older progress events.
   */
  static final EventType PROGRESS = EventType.of("progress", Delivery.LATEST);

  static final EventType COMPLETE = EventType.of("complete", Delivery.LAST);
  static final EventType ERROR = EventType.of("error", Delivery.LAST);
  static final EventType CANCELLED = EventType.of("cancelled", Delivery.LAST);

  private JobEventTypes() {}
}
