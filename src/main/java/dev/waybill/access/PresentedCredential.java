package dev.waybill.access;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A credential that a request carries, before it is verified. */
final class PresentedCredential extends AbstractAuthenticationToken {

  /** The part of the request that carries the credential. */
  enum Place {
    HEADER,
    QUERY,
    COOKIE
  }

  private final String text;
  private final Place place;
  private final transient Caller address;

  PresentedCredential(String text, Place place, Caller address) {
    super(List.of());
    this.text = text;
    this.place = place;
    this.address = address;
  }

  Place place() {
    return place;
  }

  /** The caller as far as its address says, for what has no principal. */
  Caller address() {
    return address;
  }

  @Override
  public String getCredentials() {
    return text;
  }

  @Override
  public Object getPrincipal() {
    return address.id();
  }

  /** Leaves out the credential, because such texts end up in logs. */
  @Override
  public String toString() {
    return "a credential in the " + place;
  }
}
