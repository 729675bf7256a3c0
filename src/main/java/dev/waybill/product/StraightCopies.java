package dev.waybill.product;

import lombok.Locked;

/**
 * Whether the next chunk of a file is worth a straight copy into the table. One that meets an
 * existing product is rolled back and leaves its dead rows behind, so after each failure twice as
 * many chunks of only new products must pass before the next try. Thread-safe.
 */
final class StraightCopies {

  private static final int MOST_CHUNKS_TO_WAIT = 64;

  private int waitAfterFailure = 1; // guarded by @Locked
  private int newChunksToWaitFor; // guarded by @Locked

  @Locked
  boolean worthATry() {
    return newChunksToWaitFor == 0;
  }

  @Locked
  void failed() {
    newChunksToWaitFor = waitAfterFailure;
    waitAfterFailure = Math.min(2 * waitAfterFailure, MOST_CHUNKS_TO_WAIT);
  }

  /** A chunk was upserted by way of the temporary table. */
  @Locked
  void upserted(boolean allNew) {
    newChunksToWaitFor = allNew ? Math.max(0, newChunksToWaitFor - 1) : waitAfterFailure;
  }
}
