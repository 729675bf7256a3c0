package dev.waybill.access;

import org.springframework.security.authorization.AuthorizationResult;

/** The outcome of a decision about a request. */
sealed interface Refusal extends AuthorizationResult {

  @Override
  default boolean isGranted() {
    return false;
  }

  /** A credential is missing. */
  record Unauthenticated() implements Refusal {}

  /**
   * The credential does not reach this far.
   *
   * @param detail which scope or pattern is missing
   */
  record Forbidden(String detail) implements Refusal {}

  /** Whether the job exists is not for this caller to know. */
  record UnknownJob() implements Refusal {}
}
