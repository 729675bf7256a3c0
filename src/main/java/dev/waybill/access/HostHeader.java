package dev.waybill.access;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host and the port of a {@code Host} header.
 *
 * @param name in lower case, without a final dot; an IPv6 address in its brackets
 * @param port the port; null if the header contains no port
 */
public record HostHeader(String name, @Nullable Integer port) {

  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9_.-]{1,253})(?::(\\d{1,5}))?");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Reads a {@code Host} header; empty if the text is not a host with an optional port. */
  public static Optional<HostHeader> parse(@Nullable String text) {
    Matcher matcher = FORM.matcher(text == null ? "" : text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String name = matcher.group(1).toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    Integer port = matcher.group(2) == null ? null : Integer.valueOf(matcher.group(2));
    boolean valid = !name.isEmpty() && (port == null || port <= 65_535);
    return valid ? Optional.of(new HostHeader(name, port)) : Optional.empty();
  }

  /**
   * Whether the host is a loopback name or a loopback address, which always means this machine
   * itself.
   */
  public boolean isLoopback() {
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || address().filter(InetAddress::isLoopbackAddress).isPresent();
  }

  /**
   * Whether the header contains the given address as its host. A name that resolves to this address
   * does not count.
   */
  public boolean isAddress(String literal) {
    return address().filter(own -> own.equals(parsed(literal))).isPresent();
  }

  private Optional<InetAddress> address() {
    if (name.startsWith("[")) {
      return Optional.ofNullable(parsed(name.substring(1, name.length() - 1)));
    }
    return IPV4.matcher(name).matches() ? Optional.ofNullable(parsed(name)) : Optional.empty();
  }

  private static @Nullable InetAddress parsed(String literal) {
    try {
      return InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException e) {
      return null; // not an address, for example [::::] or 999.1.1.1
    }
  }
}
