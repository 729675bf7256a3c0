package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Identifies the party that makes a request, for budgets and ownership. The caller is the holder of
 * a key or of a JWT. Without a key or JWT, the caller is the client's address.
 *
 * @param id the same for one caller on all pods, at most 64 visible ASCII characters. For an
 *     address {@code address:192.0.2.7}, for an IPv6 address {@code address:20010db8000100ff/64},
 *     for a key {@code key:} and the key's ID, for the subject of a JWT {@code jwt:} and a hash
 */
public record Caller(String id) {

  private static final int IPV6_NETWORK_BYTES = 8;

  /**
   * The caller of a request: its principal, or its address if it has no principal. If clients
   * connect through a proxy, the setting {@code server.forward-headers-strategy=native} is needed.
   * Otherwise every client has the address of the proxy.
   */
  public static Caller of(HttpServletRequest request) {
    return Access.of(request).caller();
  }

  /** Whether only the address of the caller is known. */
  public boolean isAddress() {
    return id.startsWith("address:");
  }

  static Caller atAddressOf(HttpServletRequest request) {
    return ofAddress(request.getRemoteAddr());
  }

  /**
   * The caller at an address. A provider usually gives one customer a whole IPv6 /64 network. So
   * all addresses of a /64 network are one caller. Otherwise a customer could avoid every budget by
   * changing its address.
   *
   * @param address an IP literal; any other text is used as it is, but shortened
   */
  public static Caller ofAddress(String address) {
    String literal = address.replaceFirst("%.*", ""); // a zone names an interface of this machine
    try {
      if (InetAddress.ofLiteral(literal) instanceof Inet6Address ipv6) {
        byte[] network = Arrays.copyOf(ipv6.getAddress(), IPV6_NETWORK_BYTES);
        return new Caller("address:" + HexFormat.of().formatHex(network) + "/64");
      }
      return new Caller("address:" + InetAddress.ofLiteral(literal).getHostAddress());
    } catch (IllegalArgumentException e) {
      // A proxy may write any text in place of a client's address, for example "unknown".
      String text = literal.replaceAll("[^!-~]", "?");
      return new Caller("address:" + text.substring(0, Math.min(text.length(), 56)));
    }
  }
}
