package dev.waybill.stream;

/**
 * Starts drainers, each on a thread where a blocked write delays no other drainer. Both methods
 * return immediately.
 */
interface Drainers {

  void start(Runnable drainer);

  /** Runs an action that never blocks, after the given number of nanoseconds. */
  void startIn(long nanos, Runnable round);
}
