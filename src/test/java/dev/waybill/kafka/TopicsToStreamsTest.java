package dev.waybill.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.event.Pod;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Records of a real broker as events of streams; each database has a subclass. */
@ExtendWith(OutputCaptureExtension.class)
abstract class TopicsToStreamsTest {

  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final AtomicInteger TOPICS = new AtomicInteger();
  private static final int MOST_STREAMS = 40;

  private static TestBroker broker;

  @TempDir Path folder;

  private final String topic = "orders." + TOPICS.incrementAndGet();
  private KafkaProducer<byte[], byte[]> producer;

  /** One more pod on the same database. */
  abstract KafkaPod newPod(List<String> arguments);

  /** Whether two pods may use the database at the same time. */
  abstract boolean isShared();

  @BeforeAll
  static void startBroker() {
    broker = new TestBroker();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void createTopic() {
    broker.createTopic(topic, 3);
    producer = broker.producer();
  }

  @AfterEach
  void close() {
    producer.close();
  }

  final KafkaPod pod(String... more) {
    String setting = "--waybill.kafka.topics[" + topic + "].";
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--waybill.kafka.bootstrap-servers=" + broker.servers(),
                "--waybill.kafka.group=" + topic,
                setting + "stream=orders-{key}",
                setting + "event={header:event}",
                "--waybill.streams.max-streams=" + MOST_STREAMS,
                "--waybill.streams.retained-events=100000"));
    arguments.addAll(List.of(more));
    return newPod(arguments);
  }

  private void send(int partition, String key, String value, String... headers) {
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(
            topic, partition, key == null ? null : key.getBytes(UTF_8), value.getBytes(UTF_8));
    for (int i = 0; i < headers.length; i += 2) {
      made.headers().add(headers[i], headers[i + 1].getBytes(UTF_8));
    }
    producer.send(made);
  }

  /**
   * Sends records with these numbers, over 3 partitions and 30 keys. All records of a key are in
   * one partition.
   */
  final void sendNumbers(Map<String, List<String>> sent, int from, int to) {
    for (int i = from; i < to; i++) {
      String key = "k" + i % 30;
      String value = "{\"n\":" + i + ",\"price\":12.90}";
      send(i % 3, key, value);
      sent.computeIfAbsent("orders-" + key, _ -> new ArrayList<>()).add(value);
    }
    producer.flush();
  }

  @Test
  @Shows("kafka.once")
  void recordsComeInTheOrderOfTheirPartitionAndOnceWhilePodsComeAndGo() {
    Map<String, List<String>> sent = new TreeMap<>();
    sendNumbers(sent, 0, 1_500);
    KafkaPod first = pod();
    await().atMost(PATIENCE).until(() -> first.events("orders-") > 300);
    KafkaPod last;
    if (isShared()) {
      last = pod();
      sendNumbers(sent, 1_500, 3_000);
      first.close();
    } else {
      first.close();
      sendNumbers(sent, 1_500, 3_000);
      last = pod();
    }
    sendNumbers(sent, 3_000, 4_500);
    try (last) {
      await().atMost(PATIENCE).until(() -> last.events("orders-") >= 4_500);

      Map<String, List<String>> received = new TreeMap<>();
      sent.keySet().forEach(stream -> received.put(stream, last.history(stream)));
      assertThat(received).isEqualTo(sent);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  last.context
                          .getBean(MeterRegistry.class)
                          .get("waybill.kafka.lag")
                          .tag("topic", topic)
                          .gauge()
                          .value()
                      == 0);
    }
  }

  @Test
  @Shows("kafka.dead-letter")
  void aRecordThatCannotBePublishedGoesToTheDeadLettersWithItsReasonAndTheOthersGoOn() {
    try (KafkaPod pod = pod()) {
      send(0, "a", "{\"n\":1}", "event", "placed");
      send(0, "a", "not JSON");
      send(0, null, "{}");
      send(0, "with space", "{}", "shop", "7");
      send(0, "a", "\"" + "x".repeat(70_000) + "\"");
      send(0, "a", "{}", "event", "no name");
      send(0, "a", "{}", "event", "waybill.closed");
      send(0, "a", "\"\\ud800\"");
      send(0, "a", "{\"n\":2}", "event", "shipped");
      producer.flush();

      List<ConsumerRecord<byte[], byte[]>> dead = deadLetters(6);
      assertThat(dead)
          .extracting(each -> TestBroker.header(each, "waybill-reason"))
          .containsExactly(
              "parameter", "parameter", "parameter", "event-too-large", "parameter", "event-name");
      assertThat(TestBroker.header(dead.get(0), "waybill-detail")).isEqualTo("data is not JSON.");
      assertThat(TestBroker.header(dead.get(1), "waybill-detail"))
          .isEqualTo("The record has no value for a part of the name of its stream.");
      ConsumerRecord<byte[], byte[]> spaced = dead.get(2);
      assertThat(new String(spaced.key(), UTF_8)).isEqualTo("with space");
      assertThat(TestBroker.header(spaced, "shop")).isEqualTo("7");
      assertThat(TestBroker.header(spaced, "waybill-topic")).isEqualTo(topic);
      assertThat(TestBroker.header(spaced, "waybill-partition")).isEqualTo("0");
      assertThat(TestBroker.header(spaced, "waybill-offset")).isEqualTo("3");
      await().atMost(PATIENCE).until(() -> pod.history("orders-a").contains("{\"n\":2}"));
      assertThat(pod.history("orders-a")).first().isEqualTo("{\"n\":1}");
      assertThat(
              pod.database
                  .sql("SELECT event_name FROM stream_event WHERE name = 'orders-a' ORDER BY 1")
                  .query(String.class)
                  .list())
          .contains("placed", "shipped");

      // Streams that are made from keys count against the limit of streams.
      IntStream.range(0, MOST_STREAMS + 10).forEach(i -> send(1, "many" + i, "{}"));
      send(1, "a", "{\"n\":3}");
      producer.flush();
      await().atMost(PATIENCE).until(() -> pod.history("orders-a").contains("{\"n\":3}"));
      int streams = pod.database.sql("SELECT COUNT(*) FROM stream").query(Integer.class).single();
      assertThat(streams).isEqualTo(MOST_STREAMS);
      int published = pod.events("orders-many");
      List<ConsumerRecord<byte[], byte[]>> all = deadLetters(6 + MOST_STREAMS + 10 - published);
      assertThat(all.subList(6, all.size()))
          .isNotEmpty()
          .allSatisfy(
              each ->
                  assertThat(TestBroker.header(each, "waybill-reason")).isEqualTo("unavailable"));
      assertThat(
              pod.context
                  .getBean(MeterRegistry.class)
                  .get("waybill.kafka.records")
                  .tag("result", "dead-letter")
                  .counter()
                  .count())
          .isEqualTo(all.size());
    }
  }

  /** The dead-letter topic accepts no records. */
  @Test
  @Shows("kafka.blocked")
  void aPartitionThatCannotGoOnDoesNotHoldUpTheOthers() {
    broker.createTopic(topic + KafkaProperties.DEAD_LETTERS, 1, Map.of("max.message.bytes", "1"));
    send(0, "bad", "not JSON");
    for (int i = 0; i < 6_000; i++) {
      send(1, "good", "{\"n\":" + i + "}");
    }
    producer.flush();
    try (KafkaPod pod = pod()) {
      await().atMost(PATIENCE).until(() -> pod.events("orders-good") == 6_000);
      assertThat(pod.context.getBean(OffsetStore.class).find(new TopicPartition(topic, 0)))
          .hasValue(0L);
    }
  }

  @Test
  @Shows("kafka.new-partition")
  void aPartitionThatIsAddedLaterLosesNoRecordAlsoWhereATopicIsReadFromItsEnd() {
    String latest = "--waybill.kafka.topics[" + topic + "].start=latest";
    send(0, "old", "{}");
    send(2, "old", "{}");
    producer.flush();
    OffsetStore offsets;
    try (KafkaPod pod = pod(latest)) {
      offsets = pod.context.getBean(OffsetStore.class);
      await().atMost(PATIENCE).until(() -> offsets.hasTopic(topic));
      assertThat(offsets.find(new TopicPartition(topic, 2))).hasValue(1L);
    }
    broker.addPartitions(topic, 4);
    try (KafkaProducer<byte[], byte[]> another = broker.producer()) {
      another.send(
          new ProducerRecord<>(topic, 3, "new".getBytes(UTF_8), "{\"n\":1}".getBytes(UTF_8)));
    }

    try (KafkaPod pod = pod(latest)) {
      await().atMost(PATIENCE).until(() -> pod.events("orders-new") == 1);
      assertThat(pod.events("orders-old")).isZero();
    }
  }

  @Test
  @Shows("kafka.dead-letter")
  void aRecordThatIsFarTooLargeIsRefusedBeforeItIsRead() {
    ConsumerRecord<byte[], byte[]> large =
        new ConsumerRecord<>(topic, 0, 0, "a".getBytes(UTF_8), new byte[(1 << 20) + 1]);
    large.value()[0] = (byte) 0xff; // not UTF-8
    ReadRecord reader =
        new ReadRecord(
            new KafkaProperties.Topic(
                "orders-{key}",
                "{header:event}",
                KafkaProperties.Format.JSON,
                KafkaProperties.Start.EARLIEST));

    assertThatThrownBy(() -> reader.read(large)).hasMessageContaining("event-too-large");
  }

  /** Others use the same producer. */
  @Test
  @Shows("kafka.jobs")
  void aRecordThatIsRefusedDoesNotEndTheProducer() {
    try (KafkaPod pod = pod()) {
      AtomicInteger opened = new AtomicInteger();
      KafkaClients clients =
          new KafkaClients(
              pod.context.getBean(KafkaProperties.class), pod.context.getBean(Pod.class)) {
            @Override
            Producer<byte[], byte[]> producer() {
              opened.incrementAndGet();
              return super.producer();
            }
          };
      SendRecords records = new SendRecords(clients);
      records.send(new ProducerRecord<>(topic, new byte[1]));
      assertThatThrownBy(() -> records.send(new ProducerRecord<>("no topic!", new byte[1])))
          .isInstanceOf(KafkaException.class);
      records.send(new ProducerRecord<>(topic, new byte[1]));
      records.destroy();

      assertThat(opened).hasValue(1);
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> deadLetters(int count) {
    List<ConsumerRecord<byte[], byte[]>> dead =
        broker.readUntil(
            topic + KafkaProperties.DEAD_LETTERS, PATIENCE, read -> read.size() >= count);
    assertThat(dead).hasSize(count);
    // Sorts the dead letters by their origin. Records that are not offered to a stream are sent
    // earlier than refused ones.
    return dead.stream()
        .sorted(
            Comparator.comparing((ConsumerRecord<byte[], byte[]> each) -> partition(each))
                .thenComparing(each -> Long.valueOf(TestBroker.header(each, "waybill-offset"))))
        .toList();
  }

  private static String partition(ConsumerRecord<byte[], byte[]> dead) {
    return TestBroker.header(dead, "waybill-partition");
  }

  @Test
  @Shows("kafka.fence")
  void aPodThatHasLostItsPartitionWritesNothing() {
    try (KafkaPod pod = pod()) {
      send(2, "a", "{\"n\":1}");
      producer.flush();
      await().atMost(PATIENCE).until(() -> pod.events("orders-a") == 1);
      TopicPartition partition = new TopicPartition(topic, 2);
      PublishRecords publish = pod.context.getBean(PublishRecords.class);
      ConsumerRecord<byte[], byte[]> again =
          new ConsumerRecord<>(
              topic, 2, 0, "a".getBytes(UTF_8), "{\"n\":\"again\"}".getBytes(UTF_8));

      assertThatThrownBy(() -> publish.publish(partition, List.of(again), 0))
          .isInstanceOf(LostPartitionException.class);

      assertThat(pod.history("orders-a")).containsExactly("{\"n\":1}");
      assertThat(pod.context.getBean(OffsetStore.class).find(partition)).hasValue(1L);
    }
  }

  @Test
  @Shows("kafka.trimmed")
  void aPartitionWhoseRecordsWereDeletedUnreadGoesOnAtTheOldestOne(CapturedOutput log) {
    TopicPartition partition = new TopicPartition(topic, 0);
    send(0, "a", "{\"n\":1}");
    producer.flush();
    try (KafkaPod pod = pod()) {
      await().atMost(PATIENCE).until(() -> pod.events("orders-a") == 1);
    }
    IntStream.rangeClosed(2, 5).forEach(n -> send(0, "a", "{\"n\":" + n + "}"));
    producer.flush();
    broker.trim(partition, 3);

    try (KafkaPod pod = pod()) {
      await().atMost(PATIENCE).until(() -> pod.events("orders-a") == 3);

      assertThat(pod.history("orders-a")).containsExactly("{\"n\":1}", "{\"n\":4}", "{\"n\":5}");
      assertThat(pod.context.getBean(OffsetStore.class).find(partition)).hasValue(5L);
      assertThat(log).contains("Partition " + partition + " has no offset 1 any more");
      assertThat(missed(pod)).isEqualTo(2);
    }
  }

  @Test
  @Shows("kafka.trimmed")
  void aTopicThatWasCreatedAgainWithFewerRecordsIsReadFromItsBeginning(CapturedOutput log) {
    TopicPartition partition = new TopicPartition(topic, 1);
    send(1, "a", "{\"n\":1}");
    send(1, "a", "{\"n\":2}");
    producer.flush();
    try (KafkaPod pod = pod()) {
      await().atMost(PATIENCE).until(() -> pod.events("orders-a") == 2);
    }
    broker.deleteTopic(topic);
    // The broker deletes a topic in the background.
    await()
        .atMost(PATIENCE)
        .ignoreException(IllegalStateException.class)
        .until(
            () -> {
              broker.createTopic(topic, 3);
              return true;
            });
    try (KafkaProducer<byte[], byte[]> another = broker.producer()) {
      another.send(
          new ProducerRecord<>(topic, 1, "a".getBytes(UTF_8), "{\"n\":3}".getBytes(UTF_8)));
    }

    try (KafkaPod pod = pod()) {
      await().atMost(PATIENCE).until(() -> pod.events("orders-a") == 3);

      assertThat(pod.history("orders-a")).last().isEqualTo("{\"n\":3}");
      assertThat(log).contains("Partition " + partition + " has no offset 2 any more");
      assertThat(missed(pod)).isZero();
    }
  }

  private static double missed(KafkaPod pod) {
    return pod.context
        .getBean(MeterRegistry.class)
        .get("waybill.kafka.records")
        .tag("result", "missed")
        .counter()
        .count();
  }
}
