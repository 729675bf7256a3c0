package dev.waybill.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;

/** Recognises requests of this machine itself. */
final class LoopbackCaller {

  private LoopbackCaller() {}

  /**
   * Whether peer and {@code Host} are loopback addresses or names, and no proxy stands between. A
   * page of another site could reach a loopback address by a name of its own, and a proxy on this
   * machine passes on requests of others.
   */
  static boolean is(HttpServletRequest request) {
    return !isForwarded(request)
        && HostHeader.parse(request.getHeader("Host")).filter(HostHeader::isLoopback).isPresent()
        && isLoopback(request.getRemoteAddr());
  }

  /** Whether a proxy has passed the request on. */
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
