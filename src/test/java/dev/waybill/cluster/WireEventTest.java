package dev.waybill.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class WireEventTest {

  private final JsonMapper json = new JsonMapper();

  @ParameterizedTest
  @CsvSource({
    "SNAPSHOT, snapshot, STATE",
    "PROGRESS, progress, LATEST",
    "ROWS, rows, SAMPLE",
    "REJECTED, rejected, EACH",
    "COMPLETE, complete, LAST",
    "ERROR, error, LAST",
    "CANCELLED, cancelled, LAST"
  })
  void readsWhatTheVersionBeforeWrites(String type, String name, Delivery delivery) {
    String line =
        """
        {"streamId":"s","id":{"attempt":2,"sequence":7},"type":"%s","data":"{}","position":5}
        """
            .formatted(type);

    assertThat(json.readValue(line, WireEvent.class).toEvent())
        .isEqualTo(new StreamEvent("s", new EventId(2, 7), EventType.of(name, delivery), "{}", 5));
  }

  @Test
  void writesWhatTheVersionBeforeReads() {
    StreamEvent event = new StreamEvent("s", new EventId(2, 7), SampleTypes.PROGRESS, "{}", 5);

    assertThat(json.valueToTree(WireEvent.of(event)).toString())
        .contains("\"streamId\":\"s\"", "\"id\":{\"attempt\":2,\"sequence\":7}")
        .contains("\"type\":\"PROGRESS\"", "\"position\":5");
  }

  @Test
  void keepsTheNameRuleKeyAndExtrasOfAnyPublisher() {
    StreamEvent event =
        new StreamEvent(
            "s",
            new EventId(1, 3),
            new EventType("price", Delivery.LATEST, "MUG-1"),
            "9",
            0,
            new StreamEvent.Extras(true, 5000, "m-1"));

    assertThat(json.readValue(json.writeValueAsString(WireEvent.of(event)), WireEvent.class))
        .extracting(WireEvent::toEvent)
        .isEqualTo(event);
  }

  @Test
  void keepsAnEventInOrderWhoseRuleANewerVersionMade() {
    String line =
        """
        {"streamId":"s","id":{"attempt":1,"sequence":3},"type":"CHUNK","name":"chunk",
         "delivery":"TWICE","data":"{}","position":0,"later":true}
        """;

    assertThat(json.readValue(line, WireEvent.class).toEvent().type())
        .isEqualTo(EventType.of("chunk", Delivery.EACH));
  }
}
