package dev.waybill.upload;

import dev.waybill.problem.Problem;
import org.springframework.http.HttpStatus;

/** The file is no text, or none that can be got at. */
final class NotTextProblem {

  private NotTextProblem() {}

  static Problem of(String detail) {
    return Problem.of(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE, "not-text", "The file is not text", detail);
  }
}
