package dev.waybill.webhook;

import dev.waybill.problem.Problem;
import org.springframework.http.HttpStatus;

/** The problems that a caller can cause with callbacks. */
final class WebhookProblems {

  private WebhookProblems() {}

  static Problem callback(String detail) {
    return Problem.of(
        HttpStatus.UNPROCESSABLE_CONTENT, "callback", "No callback can be made", detail);
  }

  static Problem notEnded() {
    return Problem.of(
        HttpStatus.CONFLICT,
        "job-unfinished",
        "The job has not ended yet",
        "Its end is posted as soon as it has ended.");
  }

  static Problem tooOften(int seconds) {
    return Problem.of(
            HttpStatus.TOO_MANY_REQUESTS,
            "quota",
            "A limit per caller is reached",
            "The end of a job is sent again at most once in %d s.".formatted(seconds))
        .retryAfterSeconds(seconds);
  }

  static Problem tooManySecrets() {
    return Problem.of(
        HttpStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "The service is busy",
        "This server cannot store secrets for more principals.");
  }
}
