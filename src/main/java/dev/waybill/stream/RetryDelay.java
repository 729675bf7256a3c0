package dev.waybill.stream;

import java.util.concurrent.ThreadLocalRandom;

/** When a client whose stream ends is to come back, in milliseconds. */
final class RetryDelay {

  /** What an ordinary stream tells at its start. */
  static final long ORDINARY_MILLIS = 3000;

  private RetryDelay() {}

  /** For clients that are sent away together: 2 to 10 s, so that they do not return together. */
  static long jitteredMillis() {
    return ThreadLocalRandom.current().nextLong(2_000, 10_001);
  }
}
