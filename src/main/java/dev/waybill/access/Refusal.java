package dev.waybill.access;

import org.springframework.security.authorization.AuthorizationResult;

/** A decision that refuses a request. */
sealed interface Refusal extends AuthorizationResult {

  @Override
  default boolean isGranted() {
    return false;
  }

  /** The request has no credential. */
  record Unauthenticated() implements Refusal {}

  /**
   * The credential does not allow the call.
   *
   * @param detail which scope or pattern is missing
   */
  record Forbidden(String detail) implements Refusal {}

  /**
   * The caller must not learn whether the job exists, so the answer is the same as for an unknown
   * job.
   */
  record UnknownJob() implements Refusal {}
}
