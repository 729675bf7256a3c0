package dev.waybill.cluster;

/**
 * An event on its way to other pods.
 *
 * @param line the event as one line of JSON, shared among all peers, never changed
 */
record Parcel(String streamId, byte[] line) {

  /** The most that one request carries: many ordinary events, or one large one. */
  static final int BATCH_BYTES = 2 * 1024 * 1024;

  /** What it takes in a body, with its line end. */
  int size() {
    return line.length + 1;
  }
}
