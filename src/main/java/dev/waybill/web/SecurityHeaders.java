package dev.waybill.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The headers that protect the user's browser. Every response contains these headers. */
final class SecurityHeaders {

  /**
   * The browser loads resources only from this server, and runs no inline scripts. Other sites
   * cannot show the page in a frame. The forms of the page can only be sent to this server.
   */
  static final String CONTENT_SECURITY_POLICY = policy("'none'");

  static final Map<String, String> ALL =
      Map.of(
          "Content-Security-Policy", CONTENT_SECURITY_POLICY,
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Cross-Origin-Opener-Policy", "same-origin");

  private final Map<String, String> headers;

  /**
   * @param frameAncestors the origins whose pages may show this server's page in a frame
   */
  SecurityHeaders(Set<String> frameAncestors) {
    Map<String, String> all = new HashMap<>(ALL);
    if (!frameAncestors.isEmpty()) {
      all.put(
          "Content-Security-Policy",
          policy("'self' " + String.join(" ", new TreeSet<>(frameAncestors))));
      all.remove("X-Frame-Options"); // this header cannot contain a list of origins
    }
    headers = Map.copyOf(all);
  }

  void set(HttpServletResponse response) {
    headers.forEach(response::setHeader);
  }

  private static String policy(String frameAncestors) {
    return "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
        + " frame-ancestors "
        + frameAncestors;
  }
}
