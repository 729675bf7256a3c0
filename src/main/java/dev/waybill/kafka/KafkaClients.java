package dev.waybill.kafka;

import dev.waybill.event.Pod;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import lombok.RequiredArgsConstructor;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.stereotype.Component;

/**
 * Creates Kafka's clients. The settings cannot override options that ensure the order of records or
 * limit memory.
 */
@Component
@ConditionalOnKafka
@RequiredArgsConstructor
class KafkaClients {

  /** The maximum number of records that one poll returns. */
  static final int MAX_POLL_RECORDS = 500;

  /**
   * The approximate maximum size of a broker's response, in bytes. The broker also sends a single
   * record that is larger than this limit.
   */
  static final int MAX_FETCH_BYTES = 8 << 20;

  /**
   * The maximum size of a record that this pod sends, in bytes. The default limit of a broker is
   * lower.
   */
  static final int MAX_SENT_BYTES = 16 << 20;

  /**
   * The time within which the brokers must acknowledge a record. After this time, the send of the
   * record fails. Before this time starts, the search for the broker can take up to {@link
   * #ANSWER}.
   */
  static final Duration SEND_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration ANSWER = Duration.ofSeconds(5);

  /**
   * After this time without a heartbeat, the consumer group gives the partitions of this pod to
   * other pods.
   */
  private static final Duration SESSION = Duration.ofSeconds(10);

  private static final Duration HEARTBEAT = Duration.ofSeconds(3);

  /** The maximum time until this pod notices new partitions. */
  private static final Duration METADATA_AGE = Duration.ofSeconds(30);

  private final KafkaProperties properties;
  private final Pod pod;

  Consumer<byte[], byte[]> consumer() {
    Map<String, Object> settings = common();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, properties.group());
    // The database stores the offsets, not Kafka. If an offset does not exist any more, the
    // consumer must fail instead of choosing an offset itself.
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MAX_FETCH_BYTES);
    settings.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, millis(SESSION));
    settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, millis(HEARTBEAT));
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(SEND_TIMEOUT));
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(ANSWER));
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  Producer<byte[], byte[]> producer() {
    Map<String, Object> settings = common();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_SENT_BYTES);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * MAX_SENT_BYTES);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(ANSWER));
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(ANSWER));
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(SEND_TIMEOUT));
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> common() {
    Map<String, Object> settings = new HashMap<>(properties.properties());
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, properties.bootstrapServers());
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "waybill-" + pod.id());
    settings.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, millis(METADATA_AGE));
    // Switches off the metrics of Kafka's client, because nobody reads these metrics over JMX.
    settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    return settings;
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}
