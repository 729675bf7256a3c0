package dev.waybill.access;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A credential from a request, before it is verified. */
final class PresentedCredential extends AbstractAuthenticationToken {

  /** The part of the request that contains the credential. */
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

  /** The caller according to the client's address. Used if the credential has no principal. */
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

  /** Leaves out the credential, because this text may be logged. */
  @Override
  public String toString() {
    return "a credential in the " + place;
  }
}
