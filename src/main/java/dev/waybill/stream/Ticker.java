package dev.waybill.stream;

/** A clock for ages and intervals that never jumps. Tests advance it by hand. */
@FunctionalInterface
interface Ticker {

  /** Nanoseconds since a fixed but unknown moment. */
  long nanos();
}
