package dev.waybill.worker;

import dev.waybill.problem.Problem;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** The problems that a worker can cause, or a client that creates a job for a worker. */
final class WorkerProblems {

  private WorkerProblems() {}

  static Problem kind(String detail) {
    return Problem.of(
        HttpStatus.UNPROCESSABLE_CONTENT, "kind", "No job of this kind can be created", detail);
  }

  static Problem tooLarge(String what, int bytes) {
    return Problem.of(
        HttpStatus.CONTENT_TOO_LARGE,
        "too-large",
        "The body is too large",
        "%s has more than %,d bytes.".formatted(what, bytes));
  }

  static Problem unauthenticated() {
    Problem problem =
        Problem.of(
            HttpStatus.UNAUTHORIZED,
            "unauthenticated",
            "The worker's token is missing or wrong",
            "Send the workerToken that came with this job as Authorization: Bearer <token>.");
    problem.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    return problem;
  }

  static Problem superseded(int attempt) {
    return Problem.of(
        HttpStatus.CONFLICT,
        "superseded",
        "A later attempt has the job",
        "This token is for attempt %d. Stop the work: a later attempt does it.".formatted(attempt));
  }

  static Problem finished() {
    return Problem.of(
        HttpStatus.CONFLICT,
        "job-finished",
        "The job has already finished",
        "The job has ended, so nothing more can be reported. Stop the work.");
  }

  static Problem notCancelled() {
    return Problem.of(
        HttpStatus.CONFLICT,
        "not-cancelled",
        "Nobody has cancelled the job",
        "Only a job that a client asked to cancel can end as cancelled. Report an error instead.");
  }

  static Problem sequence(long expected) {
    Problem problem =
        Problem.of(
            HttpStatus.CONFLICT,
            "sequence",
            "A report is missing",
            "The next report of this attempt has the sequence %d.".formatted(expected));
    problem.getBody().setProperty("expected", expected);
    return problem;
  }

  static Problem eventName(String detail) {
    return Problem.of(
        HttpStatus.UNPROCESSABLE_CONTENT, "event-name", "The event's name is reserved", detail);
  }

  static Problem tooManyEvents(int most) {
    return Problem.of(
        HttpStatus.CONTENT_TOO_LARGE,
        "too-large",
        "The job has too many events",
        "A job has at most %,d events of its own. Report progress or chunks instead."
            .formatted(most));
  }

  static Problem busy(String detail) {
    return Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", "The service is busy", detail)
        .retryAfterSeconds(5);
  }
}
