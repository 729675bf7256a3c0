package dev.waybill.access;

import dev.waybill.problem.Problem;
import org.springframework.http.HttpStatus;

/**
 * Makes the problem for a caller that has reached a quota. The quota limits how many resources,
 * such as unfinished jobs, exist at the same time.
 */
@FunctionalInterface
public interface RefuseByQuota {

  /** Makes the problem without counting it in the metrics. */
  RefuseByQuota UNCOUNTED = RefuseByQuota::problem;

  /**
   * The problem for a reached quota: 429 {@code quota} with the headers {@code Retry-After}, {@code
   * RateLimit} and {@code RateLimit-Policy}.
   *
   * @param quota the quota's name in headers and metrics, a constant of the code
   * @param limit the maximum number that the caller may have
   * @param retrySeconds the number of seconds after which the caller should try again
   */
  Problem refuse(String quota, long limit, int retrySeconds, String detail);

  /** Makes the same problem as {@link #refuse}, without counting it. */
  static Problem problem(String quota, long limit, int retrySeconds, String detail) {
    Problem problem =
        Problem.of(HttpStatus.TOO_MANY_REQUESTS, "quota", "A limit per caller is reached", detail)
            .retryAfterSeconds(retrySeconds);
    // The header names no time window, because time alone does not renew this quota. The caller may
    // have one more resource when one of its resources ends.
    problem.getHeaders().set("RateLimit-Policy", "\"%s\";q=%d".formatted(quota, limit));
    problem.getHeaders().set("RateLimit", "\"%s\";r=0;t=%d".formatted(quota, retrySeconds));
    return problem;
  }
}
