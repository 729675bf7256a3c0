package dev.waybill.worker;

import dev.waybill.access.Caller;
import dev.waybill.idempotency.IdempotencyKeyHeader;
import dev.waybill.idempotency.IdempotencyKeys;
import dev.waybill.idempotency.IdempotencyKeys.Claim;
import dev.waybill.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Optional;
import lombok.RequiredArgsConstructor;
import org.springframework.stereotype.Component;

/** Reserves the {@code Idempotency-Key} of a request that creates a job. */
@Component
@RequiredArgsConstructor
class ClaimKey {

  private final IdempotencyKeys keys;

  /**
   * Reserves the key of a request. A request without a key is never treated as a repetition of
   * another request.
   */
  Claim claim(HttpServletRequest request, Caller caller) {
    return key(request).map(key -> claim(key, caller)).orElse(IdempotencyKeys.NONE);
  }

  /**
   * Reserves the key of a request that must have a key.
   *
   * @throws Problem 400 if the request has no key
   */
  Claim claimRequired(HttpServletRequest request, Caller caller) {
    String key =
        key(request)
            .orElseThrow(
                () ->
                    Problem.parameter(
                        "Idempotency-Key is missing. A client that loses the stream sends the same"
                            + " request again, and would create another job without it."));
    return claim(key, caller);
  }

  /**
   * Reserves a key with a prefix that distinguishes keys of jobs from keys of uploads. The prefix
   * contains a line break. A header cannot contain a line break, so no upload can have a key with
   * this prefix.
   */
  private Claim claim(String key, Caller caller) {
    return keys.claim(caller, "job\n" + key);
  }

  private static Optional<String> key(HttpServletRequest request) {
    return IdempotencyKeyHeader.parse(
        Collections.list(request.getHeaders(IdempotencyKeyHeader.NAME)));
  }
}
