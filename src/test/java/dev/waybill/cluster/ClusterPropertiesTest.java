package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.contract.Shows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

class ClusterPropertiesTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String URL = "http://10.0.0.7:8080";

  @Test
  void takesASecretAndAnAddress() {
    assertThat(new ClusterProperties(SECRET, URL + "/").advertiseUrl()).isEqualTo(URL);
    assertThat(new ClusterProperties(SECRET, "HTTPS://pod-1").advertiseUrl())
        .isEqualTo("HTTPS://pod-1");
    assertThat(new ClusterProperties(SECRET, URL).toString()).doesNotContain(SECRET);
  }

  @Test
  @Shows("setting.cluster.secret")
  void saysThatTheSecretIsMissing() {
    assertThatThrownBy(() -> new ClusterProperties(null, URL))
        .hasMessage("waybill.cluster.secret is missing.");
  }

  @Test
  @Shows("setting.cluster.secret")
  void saysThatTheSecretIsTooShortWithoutRepeatingIt() {
    assertThatThrownBy(() -> new ClusterProperties("hunter2", URL))
        .hasMessage("waybill.cluster.secret has 7 characters, which is too short.");
  }

  @Test
  @Shows("setting.cluster.advertise-url")
  void saysThatTheAddressIsMissing() {
    assertThatThrownBy(() -> new ClusterProperties(SECRET, ""))
        .hasMessage("waybill.cluster.advertise-url is missing.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.7:8080",
        "pod-1:8080",
        "ftp://10.0.0.7",
        "http://10.0.0.7/pod",
        "http://",
        "http://a b"
      })
  @Shows("setting.cluster.advertise-url")
  void saysThatTheAddressIsNone(String url) {
    assertThatThrownBy(() -> new ClusterProperties(SECRET, url))
        .hasMessage(
            "waybill.cluster.advertise-url is \"%s\", which is not the address of a server."
                .formatted(url));
  }

  @Test
  void saysWhatTheOperatorMustSet() {
    ClusterSettingException missing = new ClusterSettingException("It is missing.", "Give it.");
    FailureAnalysis analysis =
        new ClusterSettingFailureAnalyzer().analyze(new IllegalStateException(missing));
    assertThat(analysis.getDescription()).isEqualTo("It is missing.");
    assertThat(analysis.getAction()).isEqualTo("Give it.");
  }
}
