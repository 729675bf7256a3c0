package dev.waybill.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;

/**
 * Measures the lag of this pod, which is the number of records in its partitions that the pod has
 * not read yet. Also counts the records by the result of publishing them, and the attempts to send
 * job events by their result.
 */
@Component
@ConditionalOnKafka
class KafkaMetrics {

  private final Map<TopicPartition, Long> lags = new ConcurrentHashMap<>();
  private final Counter published;
  private final Counter deadLetters;
  private final Counter missed;
  private final Counter sent;
  private final Counter failed;
  private final Counter lost;

  KafkaMetrics(MeterRegistry registry, KafkaProperties properties) {
    for (String topic : properties.topics().keySet()) {
      Gauge.builder("waybill.kafka.lag", () -> lag(topic))
          .description("Records that wait in the partitions that this pod reads")
          .tag("topic", topic)
          .register(registry);
    }
    published = records(registry, "published");
    deadLetters = records(registry, "dead-letter");
    missed = records(registry, "missed");
    sent = jobs(registry, "sent");
    failed = jobs(registry, "failed");
    lost = jobs(registry, "lost");
  }

  private static Counter records(MeterRegistry registry, String result) {
    return Counter.builder("waybill.kafka.records")
        .description("Records that were read, by what became of them")
        .tag("result", result)
        .register(registry);
  }

  private static Counter jobs(MeterRegistry registry, String result) {
    return Counter.builder("waybill.kafka.job.events")
        .description("Attempts to send the state of a job to its topic, by result")
        .tag("result", result)
        .register(registry);
  }

  private double lag(String topic) {
    return lags.entrySet().stream()
        .filter(each -> each.getKey().topic().equals(topic))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  void lag(TopicPartition partition, long records) {
    lags.put(partition, records);
  }

  /** Removes the lag of partitions that this pod does not read any more. */
  void reads(Set<TopicPartition> partitions) {
    lags.keySet().retainAll(partitions);
  }

  void published(int records) {
    published.increment(records);
  }

  void deadLetter() {
    deadLetters.increment();
  }

  /** Counts offsets whose records were deleted before they were read. */
  void missed(long offsets) {
    missed.increment(offsets);
  }

  void sent() {
    sent.increment();
  }

  void failed() {
    failed.increment();
  }

  /** Counts a job that was deleted before its end was sent. */
  void lost() {
    lost.increment();
  }
}
