package dev.waybill.stream;

/**
 * Starts drainers. A drainer is the thread that writes the waiting frames to one client. Each
 * drainer runs on its own thread, so a blocked write delays no other drainer. Both methods return
 * immediately.
 */
interface Drainers {

  void start(Runnable drainer);

  /** Runs an action that never blocks, after the given number of nanoseconds. */
  void startIn(long nanos, Runnable round);
}
