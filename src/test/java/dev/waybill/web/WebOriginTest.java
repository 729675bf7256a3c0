package dev.waybill.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.waybill.access.WebOrigin;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebOriginTest {

  @ParameterizedTest
  @CsvSource({
    "http://shop.example, shop.example, true",
    "http://shop.example, shop.example:80, true",
    "http://shop.example:80, shop.example, true",
    "https://shop.example, shop.example, true",
    "https://shop.example, shop.example:443, true",
    "https://Shop.Example, SHOP.example, true",
    "http://[::1]:8080, [::1]:8080, true",
    "http://[::1], [::1], true",
    "https://shop.example, shop.example:80, false",
    "http://shop.example, shop.example:8080, false",
    "http://shop.example:8080, shop.example, false",
    "http://shop.example, shop.example.evil, false",
    "http://shop.example, , false",
    "http://[::1], [::2], false",
    "http://shop.example, shop.example:, false"
  })
  void knowsThisServerByItsHostHeader(String origin, String host, boolean same) {
    assertThat(WebOrigin.parse(origin).orElseThrow().isServer(host)).isEqualTo(same);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "",
        "shop.example",
        "ftp://shop.example",
        "http://a b",
        "http://a/",
        "http://user@a",
        "http://a:99999999",
        "http://",
        "http://a, http://b",
        "*"
      })
  void whatIsNoWebOriginIsNone(String text) {
    assertThat(WebOrigin.parse(text)).isEmpty();
  }

  @Test
  void allowedOriginsAreHeldAsBrowsersWriteThem() {
    assertThat(new CorsProperties(Set.of("HTTPS://Shop.example:443")).allowedOrigins())
        .containsExactly("https://shop.example");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CorsProperties(Set.of("shop.example")))
        .withMessageContaining("shop.example");
  }
}
