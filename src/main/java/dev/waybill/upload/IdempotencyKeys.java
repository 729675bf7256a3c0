package dev.waybill.upload;

/**
 * What was answered to requests that carry an {@code Idempotency-Key}, and which of them are open.
 * Thread-safe.
 */
interface IdempotencyKeys {

  /**
   * Claims a key for a request that has just begun. Of several at once, one is granted. Any outcome
   * is to be closed with the request.
   */
  Claim claim(String key);

  /** What a request may do with its key. */
  sealed interface Claim extends AutoCloseable {

    /** Frees the key, unless its request was answered. */
    @Override
    default void close() {}
  }

  /** The first request with this key is still open. */
  record InFlight() implements Claim {}

  /**
   * An earlier request with this key was accepted.
   *
   * @param fingerprint of that request's file and query
   * @param transactionId of its job
   * @param body of the answer, as first given
   */
  record Answered(String fingerprint, String transactionId, String body) implements Claim {}

  /** The key is this request's until it is closed. */
  non-sealed interface Granted extends Claim {

    /** Stores the answer, in the caller's transaction: with the job or not at all. */
    void answer(Answered answer);
  }

  /** For a request without a key. */
  Granted NONE = answer -> {};
}
