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
   * Reserves the key of a request that must have one.
   *
   * @throws Problem 400 if there is no key
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
   * The prefix distinguishes these keys from the keys of uploads. Because the prefix contains a
   * line break, which a header cannot contain, no upload can have such a key.
   */
  private Claim claim(String key, Caller caller) {
    return keys.claim(caller, "job\n" + key);
  }

  private static Optional<String> key(HttpServletRequest request) {
    return IdempotencyKeyHeader.parse(
        Collections.list(request.getHeaders(IdempotencyKeyHeader.NAME)));
  }
}
