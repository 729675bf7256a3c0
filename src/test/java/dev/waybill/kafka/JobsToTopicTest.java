package dev.waybill.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.outgoing.CallQueue;
import dev.waybill.outgoing.CallQueues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends the ends of jobs to a topic of a real broker, which cannot be reached while the jobs end.
 */
@ExtendWith(OutputCaptureExtension.class)
class JobsToTopicTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TOPIC = "jobs";

  @TempDir private Path folder;

  private final JsonMapper json = JsonMapper.shared();

  /** One more pod on the same database. */
  KafkaPod newPod(Path folder, List<String> arguments) {
    return new KafkaPod(folder, arguments);
  }

  @Test
  @Shows("kafka.jobs")
  void anEndArrivesAlthoughNoBrokerWasThereAndNoProgressComesAfterIt(CapturedOutput log)
      throws Exception {
    int port = TestBroker.freePort();
    try (KafkaPod pod =
        newPod(
            folder,
            List.of(
                "--waybill.kafka.bootstrap-servers=127.0.0.1:" + port,
                "--waybill.kafka.topics.orders.stream=orders-{key}",
                "--waybill.kafka.jobs-topic=" + TOPIC,
                "--waybill.kafka.jobs-progress=1s"))) {
      JsonNode done = pod.createJob();
      pod.report(done, "{\"event\":\"progress\",\"done\":1,\"total\":2}");
      pod.report(done, "{\"event\":\"complete\",\"result\":{\"weight\":3}}");
      JsonNode running = pod.createJob();
      pod.report(running, "{\"event\":\"progress\",\"done\":1,\"total\":4}");
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(log).contains("The state of a job cannot be sent"));
      assertThat(waiting(pod)).isEqualTo(2);

      try (TestBroker broker = new TestBroker();
          PortForward forward = new PortForward(port, broker.port())) {
        List<ConsumerRecord<byte[], byte[]>> events =
            broker.readUntil(
                TOPIC,
                PATIENCE,
                read ->
                    read.stream().anyMatch(each -> isOf(each, done) && isEnd(each))
                        && read.stream().anyMatch(each -> isOf(each, running)));
        ConsumerRecord<byte[], byte[]> end =
            events.stream().filter(each -> isOf(each, done)).toList().getLast();
        String id = done.get("transactionId").asString();
        assertThat(TestBroker.header(end, "ce_type")).isEqualTo("dev.waybill.job.completed");
        assertThat(TestBroker.header(end, "ce_id")).isEqualTo(id + ":end");
        assertThat(TestBroker.header(end, "ce_specversion")).isEqualTo("1.0");
        assertThat(TestBroker.header(end, "ce_source")).isEqualTo("/api/jobs");
        assertThat(TestBroker.header(end, "ce_subject")).isEqualTo(id);
        assertThat(TestBroker.header(end, "content-type")).isEqualTo("application/json");
        JsonNode job = json.readTree(end.value());
        assertThat(job.get("status").asString()).isEqualTo("COMPLETED");
        assertThat(job.get("omitted").toString()).contains("result");
        assertThat(TestBroker.header(end, "ce_time")).isEqualTo(job.get("finishedAt").asString());

        pod.report(running, "{\"event\":\"error\",\"code\":\"broken\",\"detail\":\"It broke.\"}");
        List<ConsumerRecord<byte[], byte[]>> all =
            broker.readUntil(
                TOPIC,
                PATIENCE,
                read -> read.stream().anyMatch(each -> isOf(each, running) && isEnd(each)));
        List<String> types =
            all.stream()
                .filter(each -> isOf(each, running))
                .map(each -> TestBroker.header(each, "ce_type"))
                .toList();
        assertThat(types).first().isEqualTo("dev.waybill.job.progress");
        assertThat(types).last().isEqualTo("dev.waybill.job.failed");
        assertThat(types).filteredOn("dev.waybill.job.failed"::equals).hasSize(1);
        await().atMost(PATIENCE).until(() -> waiting(pod) == 0);
      }
      // The log has one line for each kind of failure, however often the send was tried.
      assertThat(log.getOut().lines().filter(line -> line.contains("NetworkClient: [")).count())
          .isEqualTo(1);
      assertThat(log.getOut().lines().filter(line -> line.contains("kafka, jobs: ")).count())
          .isEqualTo(1);
    }
  }

  /** The job ends while its progress is being sent, and the next progress is an hour away. */
  @Test
  @Shows("kafka.jobs")
  void anEndThatComesDuringACallDoesNotWaitForTheTimeOfTheNextOne() {
    try (KafkaPod pod = newPod(folder, List.of())) {
      TransactionOperations transactions = pod.context.getBean(TransactionOperations.class);
      AtomicReference<CallQueue> queue = new AtomicReference<>();
      AtomicInteger calls = new AtomicInteger();
      CallQueue.Handler handler =
          new CallQueue.Handler() {
            @Override
            public @Nullable Duration call(String id) {
              if (calls.incrementAndGet() > 1) {
                return null;
              }
              transactions.executeWithoutResult(_ -> queue.get().hurry(id));
              return Duration.ofHours(1);
            }

            @Override
            public boolean isDueAtOnce(String id, Duration pause) {
              return true;
            }
          };
      queue.set(pod.context.getBean(CallQueues.class).open("kafka_task", 1, handler));
      transactions.executeWithoutResult(_ -> queue.get().enqueue("job"));

      await().atMost(PATIENCE).until(() -> calls.get() == 2 && waiting(pod) == 0);
    }
  }

  @Test
  @Shows("kafka.jobs")
  void anEndIsDueAtOnceAfterItsProgressWasSentButNotAfterAFailure() throws Exception {
    try (KafkaPod pod =
        newPod(
            folder,
            List.of(
                "--waybill.kafka.bootstrap-servers=127.0.0.1:" + TestBroker.freePort(),
                "--waybill.kafka.jobs-topic=" + TOPIC,
                "--waybill.kafka.jobs-progress=5s"))) {
      String running = pod.createJob().get("transactionId").asString();
      JsonNode job = pod.createJob();
      pod.report(job, "{\"event\":\"complete\"}");
      String ended = job.get("transactionId").asString();
      SendJobs jobs = pod.context.getBean(SendJobs.class);

      assertThat(jobs.isEndDue(ended, Duration.ofSeconds(5))).isTrue();
      assertThat(jobs.isEndDue(running, Duration.ofSeconds(5))).isFalse();
      assertThat(jobs.isEndDue(ended, Duration.ofMillis(4_999))).isFalse();
    }
  }

  @Test
  @Shows("kafka.jobs.lost")
  void aJobThatIsDeletedBeforeItsEndIsSentIsReported(CapturedOutput log) throws Exception {
    try (KafkaPod pod =
        newPod(
            folder,
            List.of(
                "--waybill.kafka.bootstrap-servers=127.0.0.1:" + TestBroker.freePort(),
                "--waybill.kafka.jobs-topic=" + TOPIC))) {
      JsonNode job = pod.createJob();
      pod.report(job, "{\"event\":\"complete\"}");
      String id = job.get("transactionId").asString();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(log).contains("The state of a job cannot be sent"));

      pod.database.sql("DELETE FROM external_job").update();
      pod.database.sql("DELETE FROM job").update();

      await().atMost(PATIENCE).until(() -> waiting(pod) == 0);
      assertThat(log)
          .contains("The job " + id + " was deleted before a broker had confirmed its end");
      assertThat(pod.count("waybill.kafka.job.events", "lost")).isEqualTo(1);
    }
  }

  private static int waiting(KafkaPod pod) {
    return pod.database.sql("SELECT COUNT(*) FROM kafka_task").query(Integer.class).single();
  }

  private static boolean isOf(ConsumerRecord<byte[], byte[]> event, JsonNode job) {
    return new String(event.key(), UTF_8).equals(job.get("transactionId").asString());
  }

  private static boolean isEnd(ConsumerRecord<byte[], byte[]> event) {
    return TestBroker.header(event, "ce_id").endsWith(":end");
  }
}
