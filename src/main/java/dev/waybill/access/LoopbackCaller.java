package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;

/** Recognises requests that come from this machine itself. */
final class LoopbackCaller {

  private LoopbackCaller() {}

  /**
   * Whether the client's address and the {@code Host} header are both loopback, and no proxy
   * forwarded the request. Another site could make its domain name point to a loopback address, so
   * the {@code Host} is checked. A request that a proxy on this machine forwards may come from
   * another machine.
   */
  static boolean is(HttpServletRequest request) {
    return !isForwarded(request)
        && HostHeader.parse(request.getHeader("Host")).filter(HostHeader::isLoopback).isPresent()
        && isLoopback(request.getRemoteAddr());
  }

  /** Whether a proxy has forwarded the request. */
  private static boolean isForwarded(HttpServletRequest request) {
    return request.getAttribute(NoteForwardingValve.FORWARDED) != null;
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.ofLiteral(address).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
