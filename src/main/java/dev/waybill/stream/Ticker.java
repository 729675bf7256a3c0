package dev.waybill.stream;

/** Time that never jumps, for ages and intervals; tests tick it by hand. */
@FunctionalInterface
interface Ticker {

  /** Nanoseconds since some fixed moment. */
  long nanos();
}
