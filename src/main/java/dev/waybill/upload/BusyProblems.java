package dev.waybill.upload;

import dev.waybill.problem.Problem;
import org.springframework.http.HttpStatus;

/**
 * The problems for requests that are refused because a limit is reached. Each problem says when the
 * client can retry.
 */
final class BusyProblems {

  private BusyProblems() {}

  /** The problem if this pod or the whole service has no capacity for the request. */
  static Problem busy(String detail, int retrySeconds) {
    return Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "busy", "Too many requests at once", detail)
        .retryAfterSeconds(retrySeconds);
  }

  static Problem queueFull(int jobs, int retrySeconds) {
    return Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "queue-full",
            "The queue is full",
            "%d jobs are waiting already. Try again later.".formatted(jobs))
        .retryAfterSeconds(retrySeconds);
  }
}
