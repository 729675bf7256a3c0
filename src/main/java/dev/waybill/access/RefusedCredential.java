package dev.waybill.access;

import org.springframework.security.core.AuthenticationException;

/** A credential that does not count, with the reason for metrics and the log of audits. */
final class RefusedCredential extends AuthenticationException {

  private final Reason reason;

  /** Why. */
  enum Reason {
    /** Unknown, revoked, damaged or forged: no answer says which. */
    INVALID("The key or token is not valid, or it was revoked."),
    EXPIRED("The key or token has expired."),
    /** A session's cookie with a request that no page of this server proves to have caused. */
    ORIGIN("A session may change something only for a page of this server, named by Origin."),
    AMBIGUOUS("The request carries more than one credential."),
    IN_QUERY("Only a watch token may stand in a query. Send others in the header Authorization.");

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
