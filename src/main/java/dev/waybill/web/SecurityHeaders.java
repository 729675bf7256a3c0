package dev.waybill.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;

/** The headers of every answer that protect its reader's browser. */
final class SecurityHeaders {

  /**
   * Everything comes from this server and nothing is inline. Other sites can neither show the page
   * in a frame nor get a form of it to send elsewhere.
   */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'";

  static final Map<String, String> ALL =
      Map.of(
          "Content-Security-Policy", CONTENT_SECURITY_POLICY,
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Cross-Origin-Opener-Policy", "same-origin");

  private SecurityHeaders() {}

  static void set(HttpServletResponse response) {
    ALL.forEach(response::setHeader);
  }
}
