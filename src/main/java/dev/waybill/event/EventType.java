package dev.waybill.event;

import java.util.Locale;

/** What an event tells; how each is delivered stands with the emitters. */
public enum EventType {
  /** The whole job; stands in for every event up to its ID. */
  SNAPSHOT,
  /** The newest counters; a later one makes an earlier one worthless. */
  PROGRESS,
  /** The newest accepted products; a sample, not a record. */
  ROWS,
  /** Rejected rows; each one matters. */
  REJECTED,
  COMPLETE,
  ERROR,
  CANCELLED;

  /** The name on the wire. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is the last event of its stream. */
  public boolean isFinal() {
    return switch (this) {
      case COMPLETE, ERROR, CANCELLED -> true;
      case SNAPSHOT, PROGRESS, ROWS, REJECTED -> false;
    };
  }
}
