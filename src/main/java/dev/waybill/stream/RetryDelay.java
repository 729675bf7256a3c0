package dev.waybill.stream;

import java.util.concurrent.ThreadLocalRandom;

/** The delay after which a client reconnects when its stream has ended, in milliseconds. */
final class RetryDelay {

  /** The delay that every stream sends at its start. */
  static final long ORDINARY_MILLIS = 3000;

  /** For a client that comes back for the next part of a long history. */
  static final long NEXT_PART_MILLIS = 100;

  private RetryDelay() {}

  /** 2 to 10 s: clients whose streams end together must not reconnect together. */
  static long jitteredMillis() {
    return ThreadLocalRandom.current().nextLong(2_000, 10_001);
  }
}
