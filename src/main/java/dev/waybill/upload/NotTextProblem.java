package dev.waybill.upload;

import dev.waybill.problem.Problem;
import org.springframework.http.HttpStatus;

/**
 * The problem {@code not-text}. This problem means that the file is not text, or cannot be
 * inflated.
 */
final class NotTextProblem {

  private NotTextProblem() {}

  static Problem of(String detail) {
    return Problem.of(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE, "not-text", "The file is not text", detail);
  }
}
