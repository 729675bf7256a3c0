package dev.waybill.access;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A verified credential, as Spring Security passes it on. */
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
