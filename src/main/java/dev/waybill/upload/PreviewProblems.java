package dev.waybill.upload;

import dev.waybill.problem.Problem;
import org.springframework.http.HttpStatus;

/** The error responses to requests for a preview or a dry run. */
final class PreviewProblems {

  private PreviewProblems() {}

  static Problem unknown() {
    return Problem.of(
        HttpStatus.NOT_FOUND,
        "preview-unknown",
        "No such preview",
        "There is no preview with this ID. It may be mistyped, or somebody else's.");
  }

  static Problem expired() {
    return Problem.of(
        HttpStatus.GONE,
        "expired",
        "The file is no longer kept",
        "The file was deleted, because it was not used for too long. Upload it again.");
  }

  static Problem jobRunning() {
    return Problem.of(
        HttpStatus.CONFLICT,
        "job-running",
        "The job has not ended",
        "The dry run has not ended. Import its file when it has.");
  }

  static Problem noDryRun() {
    return Problem.of(
        HttpStatus.CONFLICT,
        "not-a-dry-run",
        "The job is not a dry run",
        "Only the file of a dry run that completed can be imported. Upload the file instead.");
  }
}
