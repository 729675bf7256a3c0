package dev.waybill.event;

/** Event types for tests: one for each delivery rule, with the names that job events have. */
public final class SampleTypes {

  public static final EventType SNAPSHOT = EventType.of("snapshot", Delivery.STATE);
  public static final EventType PROGRESS = EventType.of("progress", Delivery.LATEST);
  public static final EventType ROWS = EventType.of("rows", Delivery.SAMPLE);
  public static final EventType REJECTED = EventType.of("rejected", Delivery.EACH);
  public static final EventType COMPLETE = EventType.of("complete", Delivery.LAST);
  public static final EventType ERROR = EventType.of("error", Delivery.LAST);
  public static final EventType CANCELLED = EventType.of("cancelled", Delivery.LAST);

  private SampleTypes() {}
}
