package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostHeaderTest {

  @ParameterizedTest
  @CsvSource({
    "localhost, localhost, ",
    "LocalHost.:8080, localhost, 8080",
    "127.0.0.1:1, 127.0.0.1, 1",
    "[::1]:8080, [::1], 8080",
    "shop_1.example, shop_1.example, "
  })
  void isANameWithOrWithoutAPort(String text, String name, Integer port) {
    assertThat(HostHeader.parse(text)).hasValue(new HostHeader(name, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        ":8080",
        "localhost:",
        "localhost:x",
        "localhost:99999",
        "localhost:8080:8080",
        "localhost, evil.example",
        "evil.example/localhost",
        "evil.example#localhost",
        "user@localhost",
        "localhost\\evil",
        "[::1",
        "::1",
        "löcalhost",
        "localhost%00"
      })
  void nothingElse(String text) {
    assertThat(HostHeader.parse(text)).isEmpty();
  }

  @Test
  void noHeaderIsNoHost() {
    assertThat(HostHeader.parse(null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "waybill.localhost:8080",
        "127.0.0.1",
        "127.8.9.10",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]"
      })
  void loopbackNamesAndAddressesAreThisMachine(String text) {
    assertThat(HostHeader.parse(text).orElseThrow().isLoopback()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "evillocalhost",
        "127.0.0.1.evil.example",
        "127.0.0.1.nip.io",
        "0.0.0.0",
        "10.0.0.1",
        "2130706433",
        "0x7f000001",
        "[::]",
        "[fe80::1]",
        "[:::::]",
        "999.0.0.1"
      })
  void othersAreNot(String text) {
    assertThat(HostHeader.parse(text).orElseThrow().isLoopback()).isFalse();
  }

  @Test
  void anAddressIsComparedAsAnAddress() {
    HostHeader host = HostHeader.parse("[2001:db8:0::7]:8080").orElseThrow();

    assertThat(host.isAddress("2001:db8:0:0:0:0:0:7")).isTrue();
    assertThat(host.isAddress("2001:db8::8")).isFalse();
    assertThat(HostHeader.parse("10.0.0.7").orElseThrow().isAddress("10.0.0.7")).isTrue();
    assertThat(HostHeader.parse("pod7").orElseThrow().isAddress("10.0.0.7")).isFalse();
  }
}
