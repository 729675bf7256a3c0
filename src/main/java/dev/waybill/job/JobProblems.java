package dev.waybill.job;

import dev.waybill.problem.Problem;
import java.util.Locale;
import org.springframework.http.HttpStatus;

/** The problems that a caller gets in answers about jobs. */
final class JobProblems {

  private JobProblems() {}

  static Problem unknown(String id) {
    return Problem.of(
        HttpStatus.NOT_FOUND,
        "job-unknown",
        "No such job",
        "There is no job with the transaction ID %s. It may be mistyped, or the job is older than this server keeps jobs."
            .formatted(id.length() > 64 ? id.substring(0, 64) + "…" : id));
  }

  static Problem finished(Job job) {
    return Problem.of(
        HttpStatus.CONFLICT,
        "job-finished",
        "The job has already finished",
        "The job is %s and can no longer be cancelled."
            .formatted(job.status().name().toLowerCase(Locale.ROOT)));
  }
}
