package dev.waybill.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://shop.example/hooks?job=1",
        "http://shop.example:8080",
        "HTTPS://SHOP.example/",
        "http://203.0.113.7/",
        "http://[2001:db8::7]:81/x",
        "http://127.0.0.1/"
      })
  void anHttpUrlIsTaken(String url) {
    assertThat(CallbackUrl.parse(url)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "shop.example",
        "/hooks",
        "//shop.example/",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http:///x",
        "http://user@shop.example/",
        "http://user:secret@shop.example/",
        "http://shop.example\\@evil.example/",
        "http://shop.example:0/",
        "http://shop.example:65536/",
        "http://2130706433/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://256.0.0.1/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://shop.example/a b",
        "http://shop.example/\r\nX-Injected: 1",
        "http://shöp.example/"
      })
  void anythingElseIsRefused(String url) {
    assertThatThrownBy(() -> CallbackUrl.parse(url))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.getStatusCode().value()).isEqualTo(422));
  }

  @Test
  void itsLengthHasALimit() {
    String url = "http://shop.example/";
    assertThat(CallbackUrl.parse(url + "x".repeat(2_000 - url.length()))).isNotNull();
    assertThatThrownBy(() -> CallbackUrl.parse(url + "x".repeat(2_001 - url.length())))
        .isInstanceOf(Problem.class);
  }
}
