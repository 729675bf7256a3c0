package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The party that makes a request, as far as budgets and ownership are concerned: the holder of a
 * key or of a JWT, otherwise the client's address.
 *
 * @param id stable for one caller over all pods, at most 64 visible ASCII characters; an address
 *     reads {@code address:192.0.2.7}, an IPv6 one {@code address:20010db8000100ff/64}, a key
 *     {@code key:} and its ID, the subject of a JWT {@code jwt:} and a hash
 */
public record Caller(String id) {

  private static final int IPV6_NETWORK_BYTES = 8;

  /**
   * The caller of a request: its principal, or its address where it has none. Behind a proxy an
   * address needs {@code server.forward-headers-strategy=native}, or every client is the proxy.
   */
  public static Caller of(HttpServletRequest request) {
    return Access.of(request).caller();
  }

  /** Whether the caller is only known by its address. */
  public boolean isAddress() {
    return id.startsWith("address:");
  }

  static Caller atAddressOf(HttpServletRequest request) {
    return ofAddress(request.getRemoteAddr());
  }

  /**
   * The caller at an address. One customer is usually given a whole IPv6 network of 64 bits, so all
   * addresses in it are one caller; otherwise a budget by address would limit nobody there.
   *
   * @param address an IP literal; any other text stands for itself, shortened
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
      // A proxy may name a client by anything, "unknown" for one.
      String text = literal.replaceAll("[^!-~]", "?");
      return new Caller("address:" + text.substring(0, Math.min(text.length(), 56)));
    }
  }
}
