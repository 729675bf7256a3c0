package dev.waybill.stream;

import java.util.concurrent.ThreadLocalRandom;

/** The delay, in milliseconds, between the end of a stream and the reconnect of its client. */
final class RetryDelay {

  /** The delay that is sent at the start of every stream. */
  static final long ORDINARY_MILLIS = 3000;

  /** The delay for a client that reconnects to get the next part of a long history. */
  static final long NEXT_PART_MILLIS = 100;

  private RetryDelay() {}

  /**
   * A random delay of 2 to 10 s, so that clients whose streams end at the same time do not
   * reconnect at the same time.
   */
  static long jitteredMillis() {
    return ThreadLocalRandom.current().nextLong(2_000, 10_001);
  }
}
