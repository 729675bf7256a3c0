package dev.waybill.idempotency;

import dev.waybill.access.Caller;
import dev.waybill.problem.Problem;
import org.springframework.http.HttpStatus;

/**
 * Stores the answers to requests with an {@code Idempotency-Key}. Also records which of these
 * requests are still in progress. Thread-safe.
 */
public interface IdempotencyKeys {

  /**
   * Reserves a key for a request that has just started. If several requests try to reserve the same
   * key at the same time, only one of them gets the key. The caller must close every result at the
   * end of the request.
   *
   * <p>Each caller has its own keys. If two callers send the same key, two separate keys are
   * stored. Otherwise a caller could find out which keys other callers use, or could block a key
   * before another caller uses it.
   */
  Claim claim(Caller caller, String key);

  /**
   * The form in which the key of a caller is stored. The form separates the caller and the key by a
   * line break. A header contains no line breaks, so two different pairs of caller and key never
   * have the same form.
   */
  static String ofCaller(Caller caller, String key) {
    return caller.id() + "\n" + key;
  }

  /** The result of trying to reserve a key. */
  sealed interface Claim extends AutoCloseable {

    /** Frees the key, unless an answer was stored for the key. */
    @Override
    default void close() {}
  }

  /** The first request with this key is still in progress. */
  record InFlight() implements Claim {}

  /**
   * An earlier request with this key was accepted.
   *
   * @param fingerprint a fingerprint of the earlier request, for example of its file and query
   * @param transactionId the ID of the job or preview that the earlier request created
   * @param body the body of the answer to the earlier request
   */
  record Answered(String fingerprint, String transactionId, String body) implements Claim {}

  /** The key belongs to this request until this object is closed. */
  non-sealed interface Granted extends Claim {

    /**
     * Stores the answer in the open transaction. So the answer is committed together with the job
     * or preview that the request creates.
     */
    void answer(Answered answer);
  }

  /** The problem for a key whose first request is still in progress. */
  static Problem inFlight() {
    return Problem.of(
            HttpStatus.CONFLICT,
            "idempotency-in-flight",
            "The first request with this Idempotency-Key is still open",
            "Wait for its answer, or repeat the request once it has ended.")
        .retryAfterSeconds(1);
  }

  /**
   * The problem for a key that was used for another request.
   *
   * @param detail a text for people that says how the two requests differ
   */
  static Problem mismatch(String detail) {
    return Problem.of(
        HttpStatus.UNPROCESSABLE_CONTENT,
        "idempotency-mismatch",
        "The Idempotency-Key was used for something else",
        detail);
  }

  /** The result for a request without a key. */
  Granted NONE = answer -> {};
}
