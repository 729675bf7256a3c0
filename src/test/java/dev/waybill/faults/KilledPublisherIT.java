package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.faults.pod.FaultPoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A pod is killed at exact moments between the request of a publisher and the delivery to the
 * watchers. Nothing that was acknowledged is lost, and nothing arrives twice.
 */
// A stream that is alive but brings no event would otherwise be read for ever.
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledPublisherIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String VICTIM = "1";
  private static final String OTHER = "2";
  private static final int PUBLISHERS = 16;
  private static final JsonMapper JSON = JsonMapper.shared();

  private static Cluster cluster;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  @BeforeAll
  static void start() {
    cluster = Cluster.up();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void heal() {
    http.shutdownNow();
    cluster.heal();
  }

  @Test
  @Shows("audience.pods")
  void aPodKilledAmidAGroupCommitLosesNoAcknowledgedEvent() throws Exception {
    try (Published published = new Published("amid-a-group")) {
      published.killAt(FaultPoint.WITHIN_A_GROUP);

      // At least two requests were waiting, so a group was being committed, not one request alone.
      assertThat(published.unanswered).hasSizeGreaterThan(1);
      // The answers of the group before it may not have left the pod, but the group is not stored.
      Set<String> stored = published.storedIds();
      assertThat(stored).containsAll(published.acknowledged.keySet());
      assertThat(stored)
          .hasSizeLessThan(published.acknowledged.size() + published.unanswered.size());
      published.assertThatRepeatedRequestsComplete();
    }
  }

  @Test
  @Shows("audience.pods")
  void eventsThatAreCommittedButNotDeliveredReachTheWatchersOfOtherPods() throws Exception {
    try (Published published = new Published("after-a-group")) {
      published.killAt(FaultPoint.AFTER_A_GROUP);

      Set<String> stored = published.storedIds();
      assertThat(stored).hasSizeGreaterThan(published.acknowledged.size());
      published.watchers.forEach(
          watcher -> await().atMost(PATIENCE).until(() -> watcher.hasAllOf(stored)));
      published.assertThatRepeatedRequestsComplete();
      assertThat(published.acknowledged.keySet()).containsAll(stored);
    }
  }

  @Test
  @Shows("audience.pods")
  void eventsThatAreAcknowledgedReachAPodThatWasFrozenWhileTheirPodIsKilled() throws Exception {
    String stream = "acknowledged-then-killed";
    publish(VICTIM, stream, "first");
    try (SseConnection watching =
        SseConnection.openPath(
            cluster.podPort(OTHER),
            "/api/streams/%s/events?from=earliest".formatted(stream),
            null)) {
      assertThat(nextData(watching)).isEqualTo("first");
      cluster.freeze(OTHER);
      assertThat(publish(VICTIM, stream, "second")).isPresent();
      cluster.kill(VICTIM);
      cluster.thaw(OTHER);

      assertThat(nextData(watching)).isEqualTo("second");
      assertThat(publish("3", stream, "third")).isPresent();
      assertThat(nextData(watching)).isEqualTo("third");
    }
  }

  @Test
  @Shows("external.pods")
  void aReportThatIsCommittedButNotInRedisReachesEachWatcherOnce() throws Exception {
    JsonNode job =
        JSON.readTree(
            post(VICTIM, "/api/jobs", "{\"kind\":\"letter\",\"title\":\"A letter\"}", null).body());
    String id = job.get("transactionId").asString();
    String token = job.get("workerToken").asString();
    try (JobWatcher watcher = new JobWatcher(cluster, id)) {
      assertThat(report(VICTIM, id, token, chunk(1)).statusCode()).isEqualTo(200);
      await().atMost(PATIENCE).until(() -> watcher.text().equals("1;"));
      cluster.arm(FaultPoint.BEFORE_A_PUBLISH);
      Thread unanswered = Thread.startVirtualThread(() -> tryToReport(id, token, chunk(2)));
      await().atMost(PATIENCE).until(() -> cluster.frozen().equals(List.of(VICTIM)));
      assertThat(cluster.query("SELECT report_sequence FROM external_job WHERE job_id = ?", id))
          .containsExactly("2");
      cluster.kill(VICTIM);
      assertThat(unanswered.join(PATIENCE)).isTrue();

      // The worker has no answer, so it repeats the report at another pod.
      for (String report : List.of(chunk(2), chunk(3), "{\"event\":\"complete\",\"sequence\":4}")) {
        assertThat(report(OTHER, id, token, report).statusCode()).isEqualTo(200);
      }
      watcher.awaitEnd(PATIENCE);
      assertThat(watcher.problems()).isEmpty();
      assertThat(watcher.text()).isEqualTo("1;2;3;");
      assertThat(watcher.ends()).containsExactly("complete");
    }
  }

  private static String chunk(int sequence) {
    return "{\"event\":\"chunk\",\"text\":\"%1$d;\",\"sequence\":%1$d}".formatted(sequence);
  }

  private void tryToReport(String id, String token, String report) {
    try {
      report(VICTIM, id, token, report);
    } catch (IOException e) {
      // The pod was killed, so there is no answer.
    }
  }

  private HttpResponse<String> report(String pod, String id, String token, String report)
      throws IOException {
    return post(pod, "/api/jobs/%s/events".formatted(id), report, token);
  }

  private Optional<String> publish(String pod, String stream, String messageId) {
    String body = "{\"data\":\"%1$s\",\"messageId\":\"%1$s\"}".formatted(messageId);
    try {
      HttpResponse<String> answer;
      do { // a pod with a small heap reads only a few requests at once
        answer = post(pod, "/api/streams/%s/events".formatted(stream), body, null);
      } while (answer.statusCode() == 503);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return Optional.of(JSON.readTree(answer.body()).get("ids").get(0).asString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private HttpResponse<String> post(String pod, String path, String body, String token)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + cluster.podPort(pod) + path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static String nextData(SseConnection connection) throws IOException {
    for (Event event = connection.next(); event != null; event = connection.next()) {
      if (!event.name().startsWith("waybill.")) {
        return event.data().asString();
      }
    }
    throw new IOException("the stream has ended");
  }

  /** Sixteen publishers that send to one pod until it is killed, and two watchers. */
  private final class Published implements AutoCloseable {

    private final String stream;
    private final List<AudienceWatcher> watchers = new ArrayList<>();
    private final List<Thread> publishers = new ArrayList<>();
    private final AtomicInteger sent = new AtomicInteger();

    /** The message ID of each acknowledged event, by its event ID. */
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

    /** The message IDs that got no answer. */
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();

    Published(String stream) {
      this.stream = stream;
      for (int i = 0; i < 2; i++) {
        watchers.add(new AudienceWatcher(cluster, stream, i));
      }
      watchers.forEach(AudienceWatcher::awaitOpen);
      for (int i = 0; i < PUBLISHERS; i++) {
        publishers.add(Thread.startVirtualThread(this::publishUntilThePodDies));
      }
    }

    private void publishUntilThePodDies() {
      String messageId = "m" + sent.incrementAndGet();
      for (var id = publish(VICTIM, stream, messageId);
          id.isPresent();
          id = publish(VICTIM, stream, messageId)) {
        acknowledged.put(id.get(), messageId);
        messageId = "m" + sent.incrementAndGet();
      }
      unanswered.add(messageId);
    }

    void killAt(FaultPoint point) throws InterruptedException {
      await().atMost(PATIENCE).until(() -> acknowledged.size() >= 200);
      cluster.arm(point);
      await().atMost(PATIENCE).until(() -> cluster.frozen().equals(List.of(VICTIM)));
      cluster.kill(VICTIM);
      for (Thread publisher : publishers) {
        assertThat(publisher.join(PATIENCE)).isTrue();
      }
    }

    Set<String> storedIds() {
      return new HashSet<>(
          cluster.query(
              "SELECT epoch || '-' || sequence FROM stream_event WHERE name = ?", stream));
    }

    /** Repeats what got no answer, and checks that all watchers get everything once, in order. */
    void assertThatRepeatedRequestsComplete() {
      for (String messageId : unanswered) {
        acknowledged.put(publish(OTHER, stream, messageId).orElseThrow(), messageId);
      }
      for (AudienceWatcher watcher : watchers) {
        await()
            .atMost(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .until(() -> watcher.hasAllOf(acknowledged.keySet()));
        assertThat(watcher.gaps()).isZero();
        assertThat(watcher.problems()).isEmpty();
        assertThat(watcher.messages()).isEqualTo(acknowledged);
      }
      assertThat(storedIds()).isEqualTo(acknowledged.keySet());
    }

    @Override
    public void close() {
      watchers.forEach(AudienceWatcher::close);
    }
  }
}
