package dev.waybill.web;

import dev.waybill.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * Assigns a problem type to every refusal of the framework, so that every error response has a
 * type.
 */
final class StandardProblems {

  private StandardProblems() {}

  /**
   * @param detail a text that says what is wrong, without internal details; null if only the status
   *     is known
   */
  static ProblemDetail of(HttpStatus status, @Nullable String detail) {
    return switch (status) {
      case BAD_REQUEST ->
          problem(
              status,
              "parameter",
              "A parameter is not valid",
              detail,
              "The request is incomplete or cannot be understood.");
      case NOT_FOUND ->
          problem(status, "not-found", "There is nothing here", detail, "There is no such path.");
      case METHOD_NOT_ALLOWED ->
          problem(
              status,
              "method",
              "The method is not allowed",
              detail,
              "The header Allow lists the allowed methods.");
      case NOT_ACCEPTABLE ->
          problem(
              status,
              "not-acceptable",
              "No such representation",
              detail,
              "The server has no response of a type that the header Accept allows.");
      case CONTENT_TOO_LARGE ->
          problem(status, "too-large", "The body is too large", detail, "Send a smaller body.");
      case UNSUPPORTED_MEDIA_TYPE ->
          problem(
              status,
              "media-type",
              "The media type is not supported",
              detail,
              "The header Accept lists the supported media types.");
      case SERVICE_UNAVAILABLE ->
          problem(status, "unavailable", "Not now", detail, "Try again later.");
      default ->
          status.is5xxServerError()
              // Does not show the detail of the failure, because the detail may be internal. Only
              // the log contains the detail.
              ? problem(status, "internal", "Something went wrong", null, "It has been logged.")
              : problem(
                  status, "refused", status.getReasonPhrase(), detail, "The request is refused.");
    };
  }

  private static ProblemDetail problem(
      HttpStatus status, String name, String title, @Nullable String detail, String otherwise) {
    return Problem.body(status, name, title, detail == null ? otherwise : detail);
  }
}
