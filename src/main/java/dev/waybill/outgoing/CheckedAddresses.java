package dev.waybill.outgoing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import lombok.RequiredArgsConstructor;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves a host name one time for each connection, and refuses the host if one of its addresses
 * is not allowed. The connection uses one of the checked addresses. So the connection stays safe
 * even if the name resolves to another address a moment later (DNS rebinding).
 */
@RequiredArgsConstructor
final class CheckedAddresses implements DnsResolver {

  /** Finds the addresses of a host. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] all(String host) throws UnknownHostException;
  }

  private final Lookup lookup;
  private final boolean allowPrivate;

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = lookup.all(host);
    if (!allowPrivate) {
      for (InetAddress address : addresses) {
        if (!PublicAddress.is(address)) {
          throw new AddressRefusedException();
        }
      }
    }
    return addresses;
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
