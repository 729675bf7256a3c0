package dev.waybill.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.event.Pod;
import dev.waybill.platform.OutageLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** A real broker that accepts only TLS connections of users with a password. */
@ExtendWith(OutputCaptureExtension.class)
class SecuredBrokerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String STORE_PASSWORD = "password-of-the-store";
  private static final String ADMIN = "password-of-admin";
  private static final String PASSWORD = "password-of-waybill";
  private static final AtomicInteger TOPICS = new AtomicInteger();

  @TempDir private static Path stores;

  private static TestBroker broker;

  @TempDir private Path folder;

  private final String topic = "orders-" + TOPICS.incrementAndGet();
  private final String jobs = "jobs-" + TOPICS.get();

  @BeforeAll
  static void startBroker() throws Exception {
    keytool("-genkeypair -alias broker -keyalg EC -dname CN=localhost -ext SAN=dns:localhost");
    Map<String, String> settings = new HashMap<>();
    settings.put("listener.security.protocol.map", "EXTERNAL:SASL_SSL,CONTROLLER:PLAINTEXT");
    settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
    settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    settings.put(
        "listener.name.external.plain.sasl.jaas.config",
        plain("admin", ADMIN, " user_admin=\"%s\" user_waybill=\"%s\"".formatted(ADMIN, PASSWORD)));
    settings.put(
        "listener.name.external.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    settings.put("ssl.keystore.location", store());
    settings.put("ssl.keystore.password", STORE_PASSWORD);
    settings.put("ssl.truststore.location", store());
    settings.put("ssl.truststore.password", STORE_PASSWORD);
    broker = new TestBroker(settings, security("PLAIN", plain("admin", ADMIN, "")));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static void keytool(String arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("-keystore", store(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", STORE_PASSWORD));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
  }

  private static String store() {
    return stores.resolve("broker.p12").toString();
  }

  private static String plain(String user, String password, String more) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required"
        + " username=\"%s\" password=\"%s\"%s;".formatted(user, password, more);
  }

  private static String scram(String user, String password) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required"
        + " username=\"%s\" password=\"%s\";".formatted(user, password);
  }

  private static Map<String, String> security(String mechanism, String jaas) {
    return Map.of(
        "security.protocol",
        "SASL_SSL",
        "sasl.mechanism",
        mechanism,
        "sasl.jaas.config",
        jaas,
        "ssl.truststore.location",
        store(),
        "ssl.truststore.password",
        STORE_PASSWORD);
  }

  private KafkaPod pod(Map<String, String> properties, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--waybill.kafka.bootstrap-servers=" + broker.servers());
    arguments.add("--waybill.kafka.group=" + topic);
    arguments.add("--waybill.kafka.topics." + topic + ".stream=orders-{key}");
    arguments.add("--waybill.kafka.jobs-topic=" + jobs);
    properties.forEach(
        (name, value) -> arguments.add("--waybill.kafka.properties[" + name + "]=" + value));
    arguments.addAll(List.of(more));
    return new KafkaPod(folder, arguments);
  }

  /** The settings in the documentation, with the names and the files of this test. */
  private Path exampleOfTheDocs() throws IOException {
    String page = Files.readString(Path.of("docs/kafka.md"));
    String from = "```yaml\n";
    int begin = page.indexOf(from) + from.length();
    String example =
        page.substring(begin, page.indexOf("```", begin))
            .replace("broker.example:9093", broker.servers())
            .replace("/etc/waybill/kafka-truststore.p12", store())
            .replace("waybill-jobs", jobs)
            .replace("orders:", topic + ":");
    return Files.writeString(folder.resolve("example.yaml"), example);
  }

  private void produce(String value) {
    try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
      producer.send(new ProducerRecord<>(topic, "7".getBytes(UTF_8), value.getBytes(UTF_8)));
    }
  }

  private static String endJob(KafkaPod pod) throws Exception {
    JsonNode job = pod.createJob();
    pod.report(job, "{\"event\":\"complete\"}");
    return job.get("transactionId").asString();
  }

  private void awaitEnd(String job) {
    List<ConsumerRecord<byte[], byte[]>> ends =
        broker.readUntil(jobs, PATIENCE, read -> keys(read).contains(job));
    assertThat(keys(ends)).contains(job);
  }

  private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(each -> new String(each.key(), UTF_8)).toList();
  }

  @Test
  @Shows("kafka.secured")
  void aTopicIsReadAndTheEndOfAJobIsSentWithUserAndPassword(CapturedOutput log) throws Exception {
    broker.createTopic(topic, 1);
    produce("{\"n\":1}");
    try (KafkaPod pod =
        new KafkaPod(
            folder,
            List.of(
                "--spring.config.additional-location=" + exampleOfTheDocs().toUri(),
                "--KAFKA_PASSWORD=" + PASSWORD,
                "--TRUSTSTORE_PASSWORD=" + STORE_PASSWORD,
                "--logging.level.org.apache.kafka=info"))) {
      String job = endJob(pod);

      await().atMost(PATIENCE).until(() -> pod.history("orders-7").contains("{\"n\":1}"));
      awaitEnd(job);
      // At this level, Kafka's clients log all of their settings.
      assertThat(log).contains("sasl.jaas.config = [hidden]");
      assertThatNoPasswordIsIn(log, pod);
    }
  }

  @Test
  @Shows("kafka.refused")
  void aPodWhosePasswordIsRefusedServesTheRestAndContinuesWhenThePasswordIsAccepted(
      CapturedOutput log) throws Exception {
    broker.createTopic(topic, 1);
    broker.setPassword("scram", "the-old-password");
    produce("{\"n\":1}");
    try (KafkaPod pod = pod(security("SCRAM-SHA-512", scram("scram", PASSWORD)))) {
      String job = endJob(pod);
      await().atMost(PATIENCE).until(() -> pod.count("waybill.kafka.job.events", "failed") >= 2);

      pod.post("/api/streams/news/events", "application/json", "{\"data\":{\"n\":2}}", null);
      assertThat(pod.history("news")).containsExactly("{\"n\":2}");
      pod.post("/api/upload/csv", "text/csv", "sku,name\nMUG-1,Mug\n", null);
      await().atMost(PATIENCE).until(() -> pod.get("/api/products").contains("MUG-1"));
      assertThat(pod.get("/actuator/health/readiness")).contains("UP");
      assertThat(pod.get("/actuator/prometheus"))
          .contains("waybill_kafka_job_events_total{result=\"failed\"}");
      // One line of Kafka's client names the broker, and one line of Waybill names the settings,
      // although the reader and the sender have tried the password several times.
      assertThat(log.getOut().lines().filter(line -> line.contains("uthentication")))
          .hasSize(2)
          .anyMatch(line -> line.contains("kafka, NetworkClient: "))
          .anyMatch(line -> line.contains("kafka, authentication: Kafka refuses this pod"));
      assertThatNoPasswordIsIn(log, pod);
      assertThat(pod.history("orders-7")).isEmpty();

      broker.setPassword("scram", PASSWORD);
      await().atMost(PATIENCE).until(() -> pod.history("orders-7").contains("{\"n\":1}"));
      awaitEnd(job);
    }
  }

  @Test
  @Shows("kafka.refused")
  void aRefusedPasswordIsNotTriedAgainForEachWaitingRecord() {
    AtomicInteger opened = new AtomicInteger();
    SendRecords records =
        new SendRecords(clients(security("PLAIN", plain("waybill", "wrong", "")), opened));

    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> records.send(new ProducerRecord<>(jobs, new byte[1])))
          .isInstanceOf(SaslAuthenticationException.class);
    }

    assertThat(opened).hasValueLessThan(5);
    records.destroy();
  }

  @Test
  @Shows("kafka.refused")
  void aCertificateThatIsNotTrustedIsNamedInTheLog(CapturedOutput log) {
    Map<String, String> properties =
        new HashMap<>(security("PLAIN", plain("waybill", PASSWORD, "")));
    properties.remove("ssl.truststore.location");
    properties.remove("ssl.truststore.password");

    assertThat(failure(properties, log))
        .contains("kafka, authentication: ", "unable to find valid certification path");
  }

  @Test
  @Shows("kafka.refused")
  void aSettingThatIsWrongIsNamedInTheLogWithoutItsPassword(CapturedOutput log) {
    Map<String, String> properties =
        new HashMap<>(security("PLAIN", plain("waybill", PASSWORD, "")));
    properties.put("ssl.truststore.location", "/no/such/file.p12");
    assertThat(failure(properties, log)).contains("kafka, jobs: ", "/no/such/file.p12");

    // The password contains a space and has no quotes.
    properties = security("PLAIN", plain("waybill", PASSWORD, "").replace("\"", ""));
    properties = security("PLAIN", properties.get("sasl.jaas.config").replace("-of", " -of"));
    assertThat(failure(properties, log)).contains("sasl.jaas.config cannot be read");
    assertThat(log).doesNotContain("-of-waybill");
  }

  /** Sends a record, which must fail, and reports the failure. Returns the log. */
  private String failure(Map<String, String> properties, CapturedOutput log) {
    SendRecords records = new SendRecords(clients(properties, new AtomicInteger()));
    Throwable failure = catchThrowable(() -> records.send(new ProducerRecord<>(jobs, new byte[1])));
    records.destroy();
    new ReportOutage(new OutageLog()).report("jobs", "Not sent", failure);
    return log.toString();
  }

  private static KafkaClients clients(Map<String, String> properties, AtomicInteger opened) {
    KafkaProperties settings =
        new KafkaProperties(broker.servers(), "waybill", Map.of(), null, Duration.ZERO, properties);
    return new KafkaClients(settings, new Pod("test")) {
      @Override
      Producer<byte[], byte[]> producer() {
        opened.incrementAndGet();
        return super.producer();
      }
    };
  }

  private static void assertThatNoPasswordIsIn(CapturedOutput log, KafkaPod pod) throws Exception {
    List<String> outputs = new ArrayList<>(List.of(log.toString()));
    for (String path : List.of("health", "info", "prometheus", "env", "configprops", "beans")) {
      outputs.add(pod.get("/actuator/" + path));
    }
    outputs.add(pod.context.getBean(KafkaProperties.class).toString());
    assertThat(outputs)
        .allSatisfy(each -> assertThat(each).doesNotContain(PASSWORD, STORE_PASSWORD));
  }
}
