package dev.waybill.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import lombok.RequiredArgsConstructor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes CloudEvents from jobs, in the binary mode for Kafka. The value of the Kafka record is the
 * job. The headers of the record are the attributes of the event. The key of the record is the
 * transaction ID, so that the events of a job stay in order.
 */
@Component
@ConditionalOnKafka
@RequiredArgsConstructor
class JobEvent {

  /** The maximum size of a job in an event, in bytes. The same limit applies to a webhook. */
  static final int MOST_BYTES = 20 * 1024;

  private final JsonMapper json;
  private final Clock clock;

  /** One event of a job. */
  record Made(String jobId, String job, Map<String, String> headers, boolean isEnd) {

    ProducerRecord<byte[], byte[]> to(String topic) {
      ProducerRecord<byte[], byte[]> made =
          new ProducerRecord<>(topic, jobId.getBytes(UTF_8), job.getBytes(UTF_8));
      headers.forEach((name, value) -> made.headers().add(name, value.getBytes(UTF_8)));
      return made;
    }
  }

  /**
   * @param form the JSON of the job in the form for other systems
   */
  Made of(String form) {
    JsonNode job = json.readTree(form);
    String id = job.path("transactionId").asString();
    String status = job.path("status").asString();
    boolean isEnd = !status.equals("RUNNING") && !status.equals("QUEUED");
    String now = clock.instant().toString();
    Map<String, String> headers = new TreeMap<>();
    headers.put("content-type", "application/json");
    headers.put("ce_specversion", "1.0");
    // If the end of a job is sent twice, both events have the same ID. So a reader can recognise
    // the second event as a repetition.
    headers.put("ce_id", isEnd ? id + ":end" : id + ":" + now);
    headers.put("ce_source", "/api/jobs");
    headers.put("ce_subject", id);
    headers.put(
        "ce_type", "dev.waybill.job." + (isEnd ? status.toLowerCase(Locale.ROOT) : "progress"));
    headers.put("ce_time", isEnd ? job.path("finishedAt").asString(now) : now);
    return new Made(id, form, headers, isEnd);
  }
}
