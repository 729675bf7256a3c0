package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;

/** Recognises requests that come from this machine itself. */
final class LoopbackCaller {

  private LoopbackCaller() {}

  /**
   * Whether the client's address and the {@code Host} header are both loopback, and no proxy
   * forwarded the request. The {@code Host} is checked because another site could make its domain
   * name point to a loopback address. Forwarded requests are excluded because a proxy on this
   * machine may forward requests of other machines.
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
