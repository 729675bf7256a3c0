package dev.waybill.webhook;

import dev.waybill.problem.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A callback URL: the URL to which the end of a job is posted. */
final class CallbackUrl {

  static final int LONGEST = 2_000;

  private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,%d}".formatted(LONGEST));
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]+]");
  private static final Pattern NUMBER = Pattern.compile("\\d+|0[xX][0-9A-Fa-f]*");
  private static final String PART = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile("(?:%1$s\\.){3}%1$s".formatted(PART));
  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final int HIGHEST_PORT = 65_535;

  private CallbackUrl() {}

  /**
   * Parses the URL and checks its form. Does not check the IP addresses of the host, because they
   * are checked at each call to the host.
   *
   * @throws Problem 422 {@code callback}
   */
  static URI parse(String text) {
    if (!VISIBLE.matcher(text).matches()) {
      throw refused("has 1 to %,d visible ASCII characters".formatted(LONGEST));
    }
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw refused("is a URL such as https://shop.example/hooks/waybill");
    }
    if (url.getScheme() == null || !SCHEMES.contains(url.getScheme().toLowerCase(Locale.ROOT))) {
      throw refused("starts with http:// or https://");
    }
    String host = url.getHost();
    if (url.getRawUserInfo() != null || String.valueOf(url.getRawAuthority()).contains("@")) {
      throw refused("has no user name and no password");
    }
    if (host == null || !HOST.matcher(host).matches() || isOddNumber(host)) {
      throw refused("names a host, or an address such as 203.0.113.7 or [2001:db8::7]");
    }
    if (url.getPort() == 0 || url.getPort() > HIGHEST_PORT) {
      throw refused("has a port from 1 to %d".formatted(HIGHEST_PORT));
    }
    return url;
  }

  /**
   * Whether a host is a number in an unusual form that some programs interpret as an IPv4 address.
   */
  private static boolean isOddNumber(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    String last = name.substring(name.lastIndexOf('.') + 1);
    return NUMBER.matcher(last).matches() && !IPV4.matcher(host).matches();
  }

  private static Problem refused(String rule) {
    return WebhookProblems.callback("callbackUrl " + rule + ".");
  }
}
