package dev.waybill.outgoing;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Decides which addresses belong to the public internet. The ranges come from the special-purpose
 * registries of IANA (RFC 6890 and later). An IPv6 address for NAT64 or 6to4 is treated as the IPv4
 * address that it contains, because a gateway would connect to that IPv4 address.
 */
final class PublicAddress {

  private PublicAddress() {}

  private record Range(byte[] start, int bits) {

    static Range of(String text) {
      int slash = text.indexOf('/');
      return new Range(
          InetAddress.ofLiteral(text.substring(0, slash)).getAddress(),
          Integer.parseInt(text.substring(slash + 1)));
    }

    boolean contains(byte[] address) {
      if (address.length != start.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (start[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<Range> REFUSED_IPV4 =
      Stream.of(
              "0.0.0.0/8", // the local network, "this network" in the registry
              "10.0.0.0/8", // private networks
              "100.64.0.0/10", // addresses behind the NAT of a provider
              "127.0.0.0/8", // loopback
              "169.254.0.0/16", // link-local, also used for cloud metadata
              "172.16.0.0/12", // private networks
              "192.0.0.0/24", // IETF protocol assignments
              "192.0.2.0/24", // examples in documentation
              "192.31.196.0/24", // AS112 name servers
              "192.52.193.0/24", // automatic multicast tunneling (AMT)
              "192.88.99.0/24", // 6to4 relays
              "192.168.0.0/16", // private networks
              "192.175.48.0/24", // AS112 name servers
              "198.18.0.0/15", // benchmark tests
              "198.51.100.0/24", // examples in documentation
              "203.0.113.0/24", // examples in documentation
              "168.63.129.16/32", // cloud metadata in a public range
              "224.0.0.0/4", // multicast
              "240.0.0.0/4") // reserved and broadcast addresses
          .map(Range::of)
          .toList();

  /** The only range from which global unicast addresses are assigned. */
  private static final Range GLOBAL_IPV6 = range6("20000000000000000000000000000000", 3);

  private static final List<Range> REFUSED_IPV6 =
      List.of(
          range6("20010000000000000000000000000000", 23), // IETF assignments, such as Teredo
          range6("20010db8000000000000000000000000", 32), // examples in documentation
          range6("3fff0000000000000000000000000000", 20)); // examples in documentation

  /** NAT64 addresses with the well-known prefix. The last four bytes are the IPv4 address. */
  private static final Range NAT64 = range6("0064ff9b000000000000000000000000", 96);

  private static final Range SIX_TO_FOUR = range6("20020000000000000000000000000000", 16);

  /** IPv4 addresses in the form of IPv6: {@code ::ffff:a.b.c.d}. */
  private static final Range MAPPED = range6("00000000000000000000ffff00000000", 96);

  private static Range range6(String hex, int bits) {
    return new Range(HexFormat.of().parseHex(hex), bits);
  }

  /**
   * Whether this service may call a server at this address for a caller that is not the operator.
   */
  static boolean is(InetAddress address) {
    byte[] bytes = address.getAddress();
    return switch (address) {
      case Inet4Address _ -> isPublicIpv4(bytes);
      case Inet6Address _ -> isPublicIpv6(bytes);
      default -> false;
    };
  }

  private static boolean isPublicIpv6(byte[] bytes) {
    if (NAT64.contains(bytes) || MAPPED.contains(bytes)) {
      return isPublicIpv4(new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]});
    }
    if (SIX_TO_FOUR.contains(bytes)) {
      return isPublicIpv4(new byte[] {bytes[2], bytes[3], bytes[4], bytes[5]});
    }
    return GLOBAL_IPV6.contains(bytes)
        && REFUSED_IPV6.stream().noneMatch(range -> range.contains(bytes));
  }

  private static boolean isPublicIpv4(byte[] bytes) {
    return REFUSED_IPV4.stream().noneMatch(range -> range.contains(bytes));
  }
}
