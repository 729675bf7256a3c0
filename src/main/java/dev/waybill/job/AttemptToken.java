package dev.waybill.job;

/** The right to work on one attempt of a job, until a later attempt begins or the job ends. */
public record AttemptToken(String jobId, int attempt) {

  /** For the attempt that a job is in. */
  public static AttemptToken of(Job begun) {
    return new AttemptToken(begun.id(), begun.attempt());
  }
}
