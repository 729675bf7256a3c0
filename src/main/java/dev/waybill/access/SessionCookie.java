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
 * The cookie of the page's session. The cookie contains a random ID, never the credential. The
 * server accepts the cookie only in requests that pages of this server send.
 */
@Component
class SessionCookie {

  /**
   * The prefix {@code __Host-} makes the browser accept the cookie only over TLS, from this exact
   * host, and for every path.
   */
  private static final String NAME = "__Host-waybill-session";

  /**
   * The name of the cookie for http with a loopback host. Over http, a browser does not store a
   * cookie whose name has the prefix {@code __Host-}.
   */
  private static final String PLAIN_NAME = "waybill-session";

  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  /**
   * The session ID in the cookie; empty if there is no cookie or another site caused the request.
   */
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

  /** The value of the header {@code Set-Cookie} that sets the cookie. */
  String set(HttpServletRequest request, String id, Duration age) {
    return cookie(request, id, age);
  }

  /** The value of the header {@code Set-Cookie} that removes the cookie. */
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
