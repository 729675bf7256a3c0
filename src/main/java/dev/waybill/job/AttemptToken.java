package dev.waybill.job;

/**
 * The right to work on one attempt of a job. The token is valid until a later attempt begins or the
 * job ends.
 */
public record AttemptToken(String jobId, int attempt) {

  /** The token of the job's current attempt. */
  public static AttemptToken of(Job begun) {
    return new AttemptToken(begun.id(), begun.attempt());
  }
}
