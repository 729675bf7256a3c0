package dev.waybill.stream;

/** A clock that never jumps, for ages and intervals. Tests advance it by hand. */
@FunctionalInterface
interface Ticker {

  /** Nanoseconds since a fixed but unknown moment. */
  long nanos();
}
