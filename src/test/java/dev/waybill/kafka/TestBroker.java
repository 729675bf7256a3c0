package dev.waybill.kafka;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/**
 * A real Kafka broker. Close it before the end of the process: a broker whose folder vanishes ends
 * the process.
 */
public final class TestBroker implements AutoCloseable {

  private static final List<String> NOISY =
      List.of("org.apache.kafka", "kafka", "state.change.logger");

  private final EmbeddedKafkaKraftBroker broker;

  /** The settings of all clients of this class; a secured broker needs a user and a password. */
  private final Map<String, Object> clients = new HashMap<>();

  public TestBroker() {
    this(Map.of(), Map.of());
  }

  /**
   * @param settings further settings of the broker
   * @param security the settings by which a client is allowed to do everything
   */
  TestBroker(Map<String, String> settings, Map<String, String> security) {
    for (String noisy : NOISY) {
      ((Logger) LoggerFactory.getLogger(noisy)).setLevel(Level.WARN);
    }
    broker = new EmbeddedKafkaKraftBroker(1, 1);
    broker.brokerProperty("transaction.state.log.replication.factor", "1");
    broker.brokerProperty("offsets.topic.num.partitions", "1");
    broker.brokerProperty("group.initial.rebalance.delay.ms", "0");
    settings.forEach(broker::brokerProperty);
    broker.afterPropertiesSet();
    clients.putAll(security);
    clients.put("bootstrap.servers", servers());
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String servers() {
    return broker.getBrokersAsString();
  }

  int port() {
    return Integer.parseInt(servers().substring(servers().lastIndexOf(':') + 1));
  }

  public void createTopic(String name, int partitions) {
    createTopic(name, partitions, Map.of());
  }

  void createTopic(String name, int partitions, Map<String, String> settings) {
    ask(
        admin ->
            admin
                .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                .all());
  }

  /** Increases the number of partitions of a topic to the given number. */
  void addPartitions(String topic, int partitions) {
    ask(admin -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all());
  }

  /** Deletes the records of a partition before an offset, as the retention of a topic does. */
  void trim(TopicPartition partition, long offset) {
    ask(
        admin ->
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all());
  }

  void deleteTopic(String topic) {
    ask(admin -> admin.deleteTopics(List.of(topic)).all());
  }

  /** Creates a user of the mechanism SCRAM-SHA-512, or changes the password of this user. */
  void setPassword(String user, String password) {
    ask(
        admin ->
            admin
                .alterUserScramCredentials(
                    List.of(
                        new UserScramCredentialUpsertion(
                            user,
                            new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4_096),
                            password)))
                .all());
  }

  private void ask(Function<Admin, KafkaFuture<Void>> question) {
    try (Admin admin = Admin.create(clients)) {
      question.apply(admin).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  public KafkaProducer<byte[], byte[]> producer() {
    // If the broker refuses the first batch because it does not lead the new partition yet, and
    // accepts the second, the producer repeats the first one in vain. So it sends one at a time.
    return new KafkaProducer<>(
        with(Map.of("linger.ms", 5, "acks", "all", "max.in.flight.requests.per.connection", 1)),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** Reads a topic from its start until a record satisfies the condition. */
  List<ConsumerRecord<byte[], byte[]>> readUntil(
      String topic, Duration patience, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            with(
                Map.of(
                    "group.id",
                    "test-" + System.nanoTime(),
                    "metadata.max.age.ms",
                    500,
                    "auto.offset.reset",
                    "earliest")),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
      long until = System.nanoTime() + patience.toNanos();
      while (!enough.test(read) && System.nanoTime() < until) {
        consumer.poll(Duration.ofMillis(100)).forEach(read::add);
      }
      return read;
    }
  }

  private Map<String, Object> with(Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(clients);
    all.putAll(more);
    return all;
  }

  static String header(ConsumerRecord<byte[], byte[]> from, String name) {
    return new String(from.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    broker.destroy();
  }
}
