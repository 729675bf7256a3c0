package dev.waybill.web;

import dev.waybill.access.HostHeader;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The names of this server.
 *
 * @param hosts the names and addresses under which clients reach this server, without a port, such
 *     as {@code waybill.example}; loopback names and the address that a connection came to are
 *     always allowed
 */
@Validated
@ConfigurationProperties("waybill.access")
record HostProperties(@DefaultValue Set<String> hosts) {

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
  }
}
