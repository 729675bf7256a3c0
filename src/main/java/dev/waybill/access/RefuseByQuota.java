package dev.waybill.access;

import dev.waybill.problem.Problem;
import org.springframework.http.HttpStatus;

/** Makes the refusal of a quota for things that exist at once, such as unfinished jobs. */
@FunctionalInterface
public interface RefuseByQuota {

  /** Counts nothing. */
  RefuseByQuota UNCOUNTED = RefuseByQuota::problem;

  /**
   * A refusal, 429 {@code quota} with {@code Retry-After}, {@code RateLimit} and {@code
   * RateLimit-Policy}.
   *
   * @param quota its name in headers and metrics, a constant of the code
   * @param limit how many the caller may have
   * @param retrySeconds when it is worth asking again
   */
  Problem refuse(String quota, long limit, int retrySeconds, String detail);

  /** As {@link #refuse}. */
  static Problem problem(String quota, long limit, int retrySeconds, String detail) {
    Problem problem =
        Problem.of(HttpStatus.TOO_MANY_REQUESTS, "quota", "A limit per caller is reached", detail)
            .retryAfterSeconds(retrySeconds);
    // Without a window: such a quota gets room when something ends.
    problem.getHeaders().set("RateLimit-Policy", "\"%s\";q=%d".formatted(quota, limit));
    problem.getHeaders().set("RateLimit", "\"%s\";r=0;t=%d".formatted(quota, retrySeconds));
    return problem;
  }
}
