package dev.waybill.stream;

import java.util.concurrent.ThreadLocalRandom;

/** The delay after which a client reconnects when its stream has ended, in milliseconds. */
final class RetryDelay {

  /** The delay that every stream sends when it starts. */
  static final long ORDINARY_MILLIS = 3000;

  /** The delay for a client that reconnects to get the next part of a long history. */
  static final long NEXT_PART_MILLIS = 100;

  private RetryDelay() {}

  /**
   * A random delay of 2 to 10 s. Clients whose streams end at the same time must not reconnect at
   * the same time.
   */
  static long jitteredMillis() {
    return ThreadLocalRandom.current().nextLong(2_000, 10_001);
  }
}
