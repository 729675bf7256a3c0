package dev.waybill.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.kafka.TestBroker;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** 100,000 records over three partitions, while pods are killed, frozen and started. */
class KafkaFaultsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int RECORDS = 100_000;
  private static final int KEYS = 300;
  private static final String TOPIC = "orders";

  @Test
  @Shows("kafka.killed")
  void everyRecordIsInItsStreamOnceAndInOrderAlthoughPodsAreKilledAndFrozen() {
    try (TestBroker broker = new TestBroker()) {
      broker.createTopic(TOPIC, 3);
      try (Cluster cluster =
          Cluster.up(
              "--waybill.kafka.bootstrap-servers=" + broker.servers(),
              "--waybill.kafka.topics.orders.stream=orders-{key}")) {
        produce(broker, 0, RECORDS / 2);
        awaitEvents(cluster, 5_000);
        cluster.kill("1");
        awaitEvents(cluster, 20_000);
        cluster.start("1");
        produce(broker, RECORDS / 2, RECORDS);
        cluster.freeze("2");
        // The partitions of a frozen pod go to other pods after 10 s. When it runs again, it
        // continues with its old batch.
        awaitEvents(cluster, RECORDS * 3 / 4);
        cluster.thaw("2");
        cluster.kill("3");
        awaitEvents(cluster, RECORDS);

        List<String> received =
            cluster.query(
                "SELECT name || ' ' || string_agg(data, '' ORDER BY epoch, sequence)"
                    + " FROM stream_event WHERE name LIKE ? GROUP BY name ORDER BY name",
                "orders-%");
        assertThat(received).isEqualTo(expected());
      }
    }
  }

  private static void awaitEvents(Cluster cluster, int atLeast) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                Integer.parseInt(
                        cluster
                            .query(
                                "SELECT COUNT(*) FROM stream_event WHERE name LIKE ?", "orders-%")
                            .getFirst())
                    >= atLeast);
  }

  private static void produce(TestBroker broker, int from, int to) {
    try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
      for (int i = from; i < to; i++) {
        producer.send(
            new ProducerRecord<>(TOPIC, i % 3, key(i).getBytes(UTF_8), value(i).getBytes(UTF_8)));
      }
    }
  }

  private static List<String> expected() {
    return IntStream.range(0, RECORDS)
        .boxed()
        .collect(
            Collectors.groupingBy(
                i -> "orders-" + key(i),
                TreeMap::new,
                Collectors.mapping(KafkaFaultsIT::value, Collectors.joining())))
        .entrySet()
        .stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .toList();
  }

  /** All records of a key are in one partition, because 3 divides the number of keys. */
  private static String key(int i) {
    return "%03d".formatted(i % KEYS);
  }

  private static String value(int i) {
    return "{\"n\":" + i + "}";
  }
}
