package dev.waybill.access;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a page, in the form of RFC 6454.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in lower case; an IPv6 address in its brackets
 * @param port 1 to 65535; the default port of the scheme if the origin contains no port
 */
public record WebOrigin(String scheme, String host, int port) {

  private static final String AUTHORITY = "(\\[[0-9A-Fa-f:.]+]|[^\\s/?#@:\\[\\]]+)(?::(\\d{1,5}))?";
  private static final Pattern ORIGIN = Pattern.compile("(?i)(https?)://" + AUTHORITY);
  private static final Pattern HOST = Pattern.compile(AUTHORITY);

  /**
   * Reads an origin; empty if the text is no origin, such as the text {@code null} that browsers
   * send for some pages.
   */
  public static Optional<WebOrigin> parse(String text) {
    Matcher matcher = ORIGIN.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
    return Optional.of(
        new WebOrigin(
            scheme,
            matcher.group(2).toLowerCase(Locale.ROOT),
            portOr(matcher.group(3), defaultPort(scheme))));
  }

  /**
   * Whether this is the origin of the server that a {@code Host} header names. The scheme is not
   * compared, because a proxy may end TLS. A {@code Host} without a port means the default port of
   * this origin's scheme.
   */
  public boolean isServer(@Nullable String hostHeader) {
    if (hostHeader == null) {
      return false;
    }
    Matcher matcher = HOST.matcher(hostHeader);
    return matcher.matches()
        && matcher.group(1).equalsIgnoreCase(host)
        && portOr(matcher.group(2), defaultPort(scheme)) == port;
  }

  private static int portOr(@Nullable String digits, int fallback) {
    return digits == null ? fallback : Integer.parseInt(digits);
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /** The origin as a browser writes it, without the default port of its scheme. */
  @Override
  public String toString() {
    return scheme + "://" + host + (port == defaultPort(scheme) ? "" : ":" + port);
  }
}
