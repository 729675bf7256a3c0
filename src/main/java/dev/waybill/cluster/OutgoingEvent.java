package dev.waybill.cluster;

/**
 * An event that waits to be sent to other pods.
 *
 * @param line the event as one line of JSON; shared by all peers, never changed
 */
record OutgoingEvent(String streamId, byte[] line) {

  /**
   * The maximum size of the body of one request, in bytes. The body has room for many ordinary
   * events or for one large event.
   */
  static final int BATCH_BYTES = 2 * 1024 * 1024;

  /** The number of bytes of this event in a request, including the line end. */
  int size() {
    return line.length + 1;
  }
}
