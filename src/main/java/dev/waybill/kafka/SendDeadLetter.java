package dev.waybill.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.waybill.problem.Problem;
import java.util.Objects;
import lombok.RequiredArgsConstructor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.springframework.stereotype.Component;

/**
 * Sends a record that cannot be published to the dead-letter topic, with the reason. After a crash
 * or a failure of the database, the record can be sent twice. A reader can recognise the second
 * copy by the topic, partition and offset in the headers.
 */
@Component
@ConditionalOnKafka
@RequiredArgsConstructor
class SendDeadLetter {

  private final SendRecords records;
  private final KafkaMetrics metrics;

  /**
   * @throws org.apache.kafka.common.KafkaException if the record was not sent. In this case the
   *     caller must not advance the offset of the partition
   */
  void send(ConsumerRecord<byte[], byte[]> dead, Problem why) {
    ProducerRecord<byte[], byte[]> whole =
        new ProducerRecord<>(topic(dead), null, dead.key(), dead.value(), dead.headers());
    addReason(whole.headers(), dead, why);
    try {
      records.send(whole);
    } catch (RecordTooLargeException e) {
      // The record is too large for the dead-letter topic or for this client. So this class sends
      // only the reason, with the topic, partition and offset of the record.
      ProducerRecord<byte[], byte[]> reason = new ProducerRecord<>(topic(dead), null, null);
      addReason(reason.headers(), dead, why);
      add(reason.headers(), "waybill-omitted", "key, value and headers");
      records.send(reason);
    }
    metrics.deadLetter();
  }

  private static String topic(ConsumerRecord<byte[], byte[]> dead) {
    return dead.topic() + KafkaProperties.DEAD_LETTERS;
  }

  private static void addReason(Headers headers, ConsumerRecord<byte[], byte[]> dead, Problem why) {
    String type = Objects.requireNonNull(why.getBody().getType()).toString();
    add(headers, "waybill-reason", type.substring(type.lastIndexOf(':') + 1));
    add(headers, "waybill-detail", String.valueOf(why.getBody().getDetail()));
    add(headers, "waybill-topic", dead.topic());
    add(headers, "waybill-partition", Integer.toString(dead.partition()));
    add(headers, "waybill-offset", Long.toString(dead.offset()));
    add(headers, "waybill-timestamp", Long.toString(dead.timestamp()));
  }

  private static void add(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(UTF_8));
  }
}
