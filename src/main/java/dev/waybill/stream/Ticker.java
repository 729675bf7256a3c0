package dev.waybill.stream;

/**
 * A clock for measuring ages and intervals. The clock never jumps. Tests advance their own clock by
 * hand.
 */
@FunctionalInterface
interface Ticker {

  /** Nanoseconds since a fixed but unknown moment. */
  long nanos();
}
