package dev.waybill.upload;

import dev.waybill.problem.Problem;
import org.springframework.http.HttpStatus;

/** Refusals because a limit is reached. Each says after which time to retry. */
final class BusyProblems {

  private BusyProblems() {}

  /** This pod, or the whole service, has no room. */
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
