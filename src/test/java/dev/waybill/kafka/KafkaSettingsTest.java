package dev.waybill.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waybill.contract.Shows;
import dev.waybill.kafka.KafkaProperties.Format;
import dev.waybill.kafka.KafkaProperties.Start;
import dev.waybill.kafka.RecordTemplate.Part;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSettingsTest {

  @Test
  void aNameIsMadeOfTextKeyAndHeaders() {
    RecordTemplate template = RecordTemplate.parse("stream", "orders-{key}@{header:shop.id}");

    assertThat(template.render(part -> Optional.of(part instanceof Part.Key ? "7" : "b")))
        .contains("orders-7@b");
    assertThat(template.render(_ -> Optional.empty())).isEmpty();
    assertThat(RecordTemplate.parse("event", "").render(_ -> Optional.empty())).contains("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{value}", "{key", "a}", "{header:}", "{}", "{{key}}"})
  @Shows("kafka.settings")
  void bracesThatMeanNothingStopTheStart(String text) {
    assertThatThrownBy(() -> RecordTemplate.parse("waybill.kafka.topics.orders.stream", text))
        .hasMessageContaining("waybill.kafka.topics.orders.stream");
  }

  @Test
  @Shows("kafka.settings")
  void aTopicNeedsABrokerAndALegalName() {
    assertThatThrownBy(() -> properties(" ", "orders", null, Duration.ZERO))
        .hasMessageContaining("waybill.kafka.bootstrap-servers");
    assertThatThrownBy(() -> properties("host:9092", "or ders", null, Duration.ZERO))
        .hasMessageContaining("waybill.kafka.topics.or ders");
    assertThatThrownBy(() -> properties("host:9092", "orders", "jobs/1", Duration.ZERO))
        .hasMessageContaining("waybill.kafka.jobs-topic");
    assertThatThrownBy(() -> properties("host:9092", "orders", null, Duration.ofSeconds(5)))
        .hasMessageContaining("waybill.kafka.jobs-topic");
    assertThatThrownBy(() -> properties("host:9092", "orders", "jobs", Duration.ofMillis(10)))
        .hasMessageContaining("waybill.kafka.jobs-progress");
  }

  @Test
  void theSettingsOfTheClientsAreInNoLog() {
    assertThat(properties("host:9092", "orders", null, Duration.ZERO).toString())
        .doesNotContain("secret");
  }

  private static KafkaProperties properties(
      String servers, String topic, String jobsTopic, Duration progress) {
    return new KafkaProperties(
        servers,
        "waybill",
        Map.of(topic, new KafkaProperties.Topic("orders-{key}", "", Format.JSON, Start.EARLIEST)),
        jobsTopic,
        progress,
        Map.of("sasl.jaas.config", "secret"));
  }
}
