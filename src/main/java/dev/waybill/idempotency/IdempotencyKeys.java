package dev.waybill.idempotency;

import dev.waybill.access.Caller;
import dev.waybill.problem.Problem;
import org.springframework.http.HttpStatus;

/**
 * The answers to requests with an {@code Idempotency-Key}, and which of these requests are still
 * open. Thread-safe.
 */
public interface IdempotencyKeys {

  /**
   * Claims a key for a request that has just started. If several requests claim it at once, one of
   * them gets it. Close every outcome at the end of the request.
   *
   * <p>A key belongs to its caller: the same key of two callers is two keys. Otherwise anybody
   * could find out which keys others use, or block a key before they use it.
   */
  Claim claim(Caller caller, String key);

  /**
   * How the key of a caller is stored. A header has no line breaks, so no other key reads the same.
   */
  static String ofCaller(Caller caller, String key) {
    return caller.id() + "\n" + key;
  }

  /** The outcome of a claim. */
  sealed interface Claim extends AutoCloseable {

    /** Frees the key, unless its request was answered with a 202. */
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
   * @param body of the first answer
   */
  record Answered(String fingerprint, String transactionId, String body) implements Claim {}

  /** The key belongs to this request until the claim is closed. */
  non-sealed interface Granted extends Claim {

    /** Stores the answer in the open transaction, so that it is committed with the job. */
    void answer(Answered answer);
  }

  /** Says that the first request with a key is still open. */
  static Problem inFlight() {
    return Problem.of(
            HttpStatus.CONFLICT,
            "idempotency-in-flight",
            "The first request with this Idempotency-Key is still open",
            "Wait for its answer, or repeat the request once it has ended.")
        .retryAfterSeconds(1);
  }

  /**
   * Says that a key was used for another request.
   *
   * @param detail what differs, for a person
   */
  static Problem mismatch(String detail) {
    return Problem.of(
        HttpStatus.UNPROCESSABLE_CONTENT,
        "idempotency-mismatch",
        "The Idempotency-Key was used for something else",
        detail);
  }

  /** For a request without a key. */
  Granted NONE = answer -> {};
}
