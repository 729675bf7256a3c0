package dev.waybill.access;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A verified credential, in the form that Spring Security passes to the next filter. */
final class AccessAuthentication extends AbstractAuthenticationToken {

  private final transient Access access;

  AccessAuthentication(Access access) {
    super(List.of());
    this.access = access;
    setAuthenticated(true);
  }

  Access access() {
    return access;
  }

  @Override
  public Object getCredentials() {
    return "";
  }

  @Override
  public Object getPrincipal() {
    return access.caller().id();
  }
}
