package dev.waybill.web;

import dev.waybill.access.WebOrigin;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The other sites whose pages may call this server.
 *
 * @param allowedOrigins the origins of these sites in the form that browsers send: {@code
 *     https://shop.example}, or with a port; none by default
 */
@Validated
@ConfigurationProperties("waybill.cors")
record CorsProperties(@DefaultValue Set<String> allowedOrigins) {

  CorsProperties {
    allowedOrigins =
        allowedOrigins.stream()
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
