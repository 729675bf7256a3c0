package dev.waybill.outgoing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import lombok.RequiredArgsConstructor;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves the name of a host once for each connection, and refuses it if any of its addresses is
 * not allowed. The connection goes to one of the very addresses that were checked. A name that
 * resolves to something else a moment later changes nothing.
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
