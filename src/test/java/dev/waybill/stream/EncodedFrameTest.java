package dev.waybill.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.event.Delivery;
import dev.waybill.event.EventId;
import dev.waybill.event.EventType;
import dev.waybill.event.SampleTypes;
import dev.waybill.event.StreamEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedFrameTest {

  @Test
  @Shows("stream.frame")
  void writesIdEventAndOneLineOfData() {
    assertThat(encoded("{\"name\":\"Käse ☕\"}"))
        .isEqualTo("id: 3-17\nevent: rejected\ndata: {\"name\":\"Käse ☕\"}\n\n");
  }

  @ParameterizedTest
  @CsvSource({"'a\nb'", "'a\rb'", "'a\r\nb'"})
  @Shows("stream.no-forgery")
  void aLineEndBeginsAnotherDataLine(String data) {
    assertThat(encoded(data)).isEqualTo("id: 3-17\nevent: rejected\ndata: a\ndata: b\n\n");
  }

  @Test
  @Shows("stream.no-forgery")
  void lineEndsCannotForgeFieldsOrEvents() {
    assertThat(encoded("a\n\nid: 9-9\revent: complete\r\n\r\n"))
        .isEqualTo(
            "id: 3-17\nevent: rejected\n"
                + "data: a\ndata: \ndata: id: 9-9\ndata: event: complete\ndata: \ndata: \n\n");
  }

  @Test
  @Shows("stream.no-forgery")
  void nulIsReplaced() {
    assertThat(encoded("a\0b")).isEqualTo("id: 3-17\nevent: rejected\ndata: a\uFFFDb\n\n");
  }

  @Test
  void anEventWithoutANameHasNoEventLine() {
    StreamEvent event =
        new StreamEvent("s", new EventId(3, 17), new EventType(null, Delivery.EACH, null), "{}", 0);
    assertThat(new String(EncodedFrame.of(event, 0).bytes(), StandardCharsets.UTF_8))
        .isEqualTo("id: 3-17\ndata: {}\n\n");
  }

  private static String encoded(String data) {
    StreamEvent event = new StreamEvent("s", new EventId(3, 17), SampleTypes.REJECTED, data, 0);
    return new String(EncodedFrame.of(event, 0).bytes(), StandardCharsets.UTF_8);
  }
}
