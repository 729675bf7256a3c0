package dev.waybill.web;

import dev.waybill.access.HostHeader;
import dev.waybill.access.WebOrigin;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The host names of this server, and the sites that may show this server's page.
 *
 * @param hosts the names and addresses under which clients reach this server, without a port, such
 *     as {@code waybill.example}; loopback names and the local address of the connection are always
 *     allowed
 * @param frameAncestors the origins of other sites whose pages may show this server's page in a
 *     frame, such as {@code https://shop.example}; none by default
 */
@Validated
@ConfigurationProperties("waybill.access")
record HostProperties(@DefaultValue Set<String> hosts, @DefaultValue Set<String> frameAncestors) {

  HostProperties {
    hosts =
        hosts.stream()
            .map(
                text ->
                    HostHeader.parse(text)
                        .filter(host -> host.port() == null)
                        .orElseThrow(
                            () ->
                                new IllegalArgumentException(
                                    "not a name or address such as waybill.example: " + text))
                        .name())
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    frameAncestors =
        frameAncestors.stream()
            .map(
                text ->
                    WebOrigin.parse(text)
                        .orElseThrow(
                            () ->
                                new IllegalArgumentException(
                                    "not an origin such as https://shop.example: " + text))
                        .toString())
            .collect(Collectors.toUnmodifiableSet());
  }
}
