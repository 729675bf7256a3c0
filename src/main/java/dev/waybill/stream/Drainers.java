package dev.waybill.stream;

/** Runs drainers, each where its blocked write holds up no other. Returns at once. */
interface Drainers {

  void start(Runnable drainer);

  /** As {@link #start}, but within a moment, so that what comes until then leaves in one write. */
  void startSoon(Runnable drainer);
}
