package dev.waybill.product;

import lombok.Locked;

/**
 * Decides whether the next chunk of a file is copied straight into the table. If a product already
 * exists, the copy is rolled back and leaves dead rows in the table. So after a failed copy, a
 * number of chunks with only new products must be written before the next try. This number doubles
 * with each failed copy, up to 64. Thread-safe.
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

  /** Records that a chunk was upserted through the temporary table. */
  @Locked
  void upserted(boolean allNew) {
    newChunksToWaitFor = allNew ? Math.max(0, newChunksToWaitFor - 1) : waitAfterFailure;
  }
}
