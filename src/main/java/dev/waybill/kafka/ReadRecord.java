package dev.waybill.kafka;

import dev.waybill.channel.PublishFromSource;
import dev.waybill.channel.PublishFromSource.SourceEvent;
import dev.waybill.kafka.KafkaProperties.Format;
import dev.waybill.problem.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Makes events from the records of one topic. */
class ReadRecord {

  private final RecordTemplate stream;
  private final RecordTemplate event;
  private final Format format;

  ReadRecord(KafkaProperties.Topic topic) {
    stream = RecordTemplate.parse("stream", topic.stream());
    event = RecordTemplate.parse("event", topic.event());
    format = topic.format();
  }

  /**
   * Makes an event from a record.
   *
   * @throws Problem if the record has no valid event: 400 {@code parameter}, 413 {@code
   *     event-too-large}
   */
  SourceEvent read(ConsumerRecord<byte[], byte[]> from) {
    String name =
        stream
            .render(part -> value(part, from))
            .orElseThrow(
                () ->
                    Problem.parameter(
                        "The record has no value for a part of the name of its stream."));
    // Treats an empty name as a missing name, because an event may have no name.
    String eventName =
        event.render(part -> value(part, from)).filter(text -> !text.isEmpty()).orElse(null);
    byte[] value = from.value();
    if (value != null && value.length > PublishFromSource.MAX_BYTES) {
      // Checks the size before decoding the record, because the decoded text and its JSON take
      // several times as much memory as the record.
      throw Problem.of(
          HttpStatus.CONTENT_TOO_LARGE,
          "event-too-large",
          "The event is too large",
          "The value has more than %d bytes.".formatted(PublishFromSource.MAX_BYTES));
    }
    boolean isText = format == Format.TEXT;
    String absent = isText ? "" : "null"; // deletions in a compacted topic have no value
    return new SourceEvent(
        name, eventName, value == null ? absent : text("The value", value), isText);
  }

  private static Optional<String> value(
      RecordTemplate.Part part, ConsumerRecord<byte[], byte[]> from) {
    return switch (part) {
      case RecordTemplate.Part.Text(String text) -> Optional.of(text);
      case RecordTemplate.Part.Key() -> optional("The key", from.key());
      case RecordTemplate.Part.Header(String name) -> {
        Header header = from.headers().lastHeader(name);
        yield optional("The header " + name, header == null ? null : header.value());
      }
    };
  }

  private static Optional<String> optional(String what, byte @Nullable [] bytes) {
    return bytes == null ? Optional.empty() : Optional.of(text(what, bytes));
  }

  private static String text(String what, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Problem.parameter(what + " is not UTF-8.");
    }
  }
}
