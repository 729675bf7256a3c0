package dev.waybill.stream;

/** Runs drainers, each where its blocked write holds up no other. Returns at once. */
interface Drainers {

  void start(Runnable drainer);

  /** Runs something that never blocks, after so many nanoseconds. */
  void startIn(long nanos, Runnable round);
}
