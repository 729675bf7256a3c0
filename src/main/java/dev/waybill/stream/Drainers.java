package dev.waybill.stream;

/** Runs drainers, so that a blocked write of one delays no other. Returns at once. */
interface Drainers {

  void start(Runnable drainer);

  /** Runs an action that never blocks, after so many nanoseconds. */
  void startIn(long nanos, Runnable round);
}
