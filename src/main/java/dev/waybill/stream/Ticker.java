package dev.waybill.stream;

/** A clock for measuring ages and intervals. It never jumps. Tests advance it by hand. */
@FunctionalInterface
interface Ticker {

  /** Nanoseconds since a fixed but unknown moment. */
  long nanos();
}
