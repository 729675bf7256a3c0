package dev.waybill.access;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

/**
 * The cookie of the page's session. It holds a random ID, never the credential. It counts only for
 * requests of pages of this server.
 */
@Component
class SessionCookie {

  /** The prefix lets the browser take it only over TLS, from this very host, for every path. */
  private static final String NAME = "__Host-waybill-session";

  /** For http to a loopback name, where a browser would not store the other one. */
  private static final String PLAIN_NAME = "waybill-session";

  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  /** The ID in the cookie; empty where there is none or where another site caused the request. */
  Optional<String> read(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies == null || isForeign(request)) {
      return Optional.empty();
    }
    String name = name(request);
    return Arrays.stream(cookies)
        .filter(cookie -> cookie.getName().equals(name))
        .map(Cookie::getValue)
        .findFirst();
  }

  private static boolean isForeign(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    return (site != null && !OWN_SITE.contains(site))
        || (request.getHeader(HttpHeaders.ORIGIN) != null && !OwnOrigin.is(request));
  }

  /** The header value that sets the cookie. */
  String set(HttpServletRequest request, String id, Duration age) {
    return cookie(request, id, age);
  }

  /** The header value that removes the cookie. */
  String remove(HttpServletRequest request) {
    return cookie(request, "", Duration.ZERO);
  }

  private static String cookie(HttpServletRequest request, String value, Duration age) {
    return ResponseCookie.from(name(request), value)
        .httpOnly(true)
        .sameSite("Strict")
        .secure(!isPlain(request))
        .path("/")
        .maxAge(age)
        .build()
        .toString();
  }

  private static String name(HttpServletRequest request) {
    return isPlain(request) ? PLAIN_NAME : NAME;
  }

  private static boolean isPlain(HttpServletRequest request) {
    return !request.isSecure()
        && HostHeader.parse(request.getHeader(HttpHeaders.HOST))
            .filter(HostHeader::isLoopback)
            .isPresent();
  }
}
