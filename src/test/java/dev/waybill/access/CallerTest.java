package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, address:192.0.2.7",
    "::ffff:192.0.2.7, address:192.0.2.7",
    "2001:db8:1:ff::1, address:20010db8000100ff/64",
    "2001:db8:1:ff:ffff:ffff:ffff:ffff, address:20010db8000100ff/64",
    "fe80::1%eth0, address:fe80000000000000/64",
    "0:0:0:0:0:0:0:1, address:0000000000000000/64",
    "unknown, address:unknown"
  })
  void isNamedByItsAddress(String address, String id) {
    assertThat(Caller.ofAddress(address).id()).isEqualTo(id);
  }

  @Test
  void isShortAndVisibleWhateverAProxySays() {
    assertThat(Caller.ofAddress("é\n" + "x".repeat(500)).id())
        .matches("[!-~]{1,64}")
        .startsWith("address:??xxx");
  }
}
