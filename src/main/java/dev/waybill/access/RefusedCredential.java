package dev.waybill.access;

import org.springframework.security.core.AuthenticationException;

/** Thrown if a credential is not valid. The metrics and the audit log contain the reason. */
final class RefusedCredential extends AuthenticationException {

  private final Reason reason;

  /** The reason of the refusal. */
  enum Reason {
    /**
     * The credential is unknown, revoked, damaged or forged. The answer does not say which of these
     * reasons applies.
     */
    INVALID("The key or token is not valid, or it was revoked."),
    EXPIRED("The key or token has expired."),
    /**
     * The request has the cookie of a session, but does not prove that a page of this server sent
     * the request.
     */
    ORIGIN("A session may change something only for a page of this server, named by Origin."),
    AMBIGUOUS("The request carries more than one credential."),
    IN_QUERY(
        "A query may contain only a watch token. Send other credentials in the header"
            + " Authorization.");

    private final String detail;

    Reason(String detail) {
      this.detail = detail;
    }

    String detail() {
      return detail;
    }
  }

  RefusedCredential(Reason reason) {
    super(reason.name());
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
