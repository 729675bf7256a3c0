package dev.waybill.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.upload.UploadTestBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.TestPropertySource;

/** Tomcat replaces the proxy's address with the client's address, as in the cluster. */
@TestPropertySource(properties = "server.forward-headers-strategy=native")
class ForwardedRequestsTest extends UploadTestBase {

  @Test
  void thisMachineReadsMetricsAndTheVersion() throws Exception {
    assertThat(send(to("/actuator/prometheus")).statusCode()).isEqualTo(200);
    assertThat(send(to("/actuator/info")).body()).contains("\"version\":\"");
  }

  @ParameterizedTest
  @CsvSource({
    "X-Forwarded-For, 127.0.0.1",
    "X-Forwarded-For, '127.0.0.1, 10.0.0.7'",
    "X-Forwarded-For, 192.0.2.7",
    "X-Forwarded-Proto, http",
    "X-Real-IP, 127.0.0.1",
    "Forwarded, for=127.0.0.1"
  })
  void whatAProxyPassesOnIsNotFromThisMachine(String name, String value) throws Exception {
    assertThat(send(to("/actuator/prometheus").header(name, value)).statusCode()).isEqualTo(401);
    assertThat(send(to("/actuator/info").header(name, value)).statusCode()).isEqualTo(401);
  }
}
