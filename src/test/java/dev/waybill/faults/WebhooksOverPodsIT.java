package dev.waybill.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import dev.waybill.faults.pod.FaultPoint;
import dev.waybill.webhook.Receiver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The ends of jobs, posted by three pods, one of which dies. */
class WebhooksOverPodsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String QUEUE = "webhook_task";
  private static final JsonMapper JSON = JsonMapper.shared();

  private static Cluster cluster;

  private final HttpClient http = HttpClient.newHttpClient();
  private Receiver receiver;

  private record Created(String id, String token) {}

  @BeforeAll
  static void start() {
    cluster =
        Cluster.up(
            "--waybill.webhooks.secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "--waybill.webhooks.allow-private=true");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void listen() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void heal() {
    receiver.close();
    http.shutdownNow();
    cluster.heal();
  }

  @Test
  @Shows("webhook.pods")
  void threePodsDeliverEachEndOnce() throws Exception {
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Created job = create();
      jobs.add(job.id());
      List<CompletableFuture<Integer>> ends =
          Cluster.PODS.stream().map(pod -> complete(pod, job)).toList();
      assertThat(ends).extracting(CompletableFuture::join).containsExactlyInAnyOrder(200, 409, 409);
    }

    awaitEmptyQueue();

    assertThat(receiver.received)
        .extracting(WebhooksOverPodsIT::jobOf)
        .containsExactlyInAnyOrderElementsOf(jobs);
    assertThat(receiver.received).extracting(Receiver.Received::id).doesNotHaveDuplicates();
  }

  @Test
  @Shows("webhook.pods")
  void anEndWhosePodDiesBeforeTheDeliveryIsDeliveredOnceByAnotherPod() throws Exception {
    Created job = create();
    cluster.arm(FaultPoint.BEFORE_A_DELIVERY);
    CompletableFuture<Integer> unanswered = complete("1", job);
    await().atMost(PATIENCE).until(() -> cluster.frozen().equals(List.of("1")));

    cluster.kill("1");

    assertThat(unanswered).failsWithin(PATIENCE);
    awaitReceived(1);
    awaitEmptyQueue();
    assertThat(receiver.received).extracting(WebhooksOverPodsIT::jobOf).containsExactly(job.id());
    JsonNode deliveries = deliveries(job);
    assertThat(deliveries.get("state").asString()).isEqualTo("delivered");
    assertThat(deliveries.get("items")).hasSize(1);
  }

  @Test
  @Shows("webhook.pods")
  void aDeliveryWhosePodDiesIsMadeAgainByAnotherPodWithTheSameId() throws Exception {
    Created job = create();
    CountDownLatch hold = new CountDownLatch(1);
    receiver.holds.add(hold);
    assertThat(complete("1", job).join()).isEqualTo(200);
    awaitReceived(1);
    String dying = cluster.workingOn(QUEUE, job.id()).orElseThrow();

    cluster.kill(dying);

    awaitReceived(2);
    assertThat(cluster.workingOn(QUEUE, job.id())).isNotEqualTo(Optional.of(dying));
    awaitEmptyQueue();
    hold.countDown();
    assertThat(receiver.received).hasSize(2);
    assertThat(receiver.received.get(1).id()).isEqualTo(receiver.received.get(0).id());
    assertThat(receiver.received.get(1).body()).isEqualTo(receiver.received.get(0).body());
    assertThat(jobOf(receiver.received.get(0))).isEqualTo(job.id());
  }

  private void awaitReceived(int count) {
    await().atMost(PATIENCE).until(() -> receiver.received.size() >= count);
  }

  /** Waits until no pod has a delivery to make. After this, no request can follow. */
  private static void awaitEmptyQueue() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                cluster
                    .query("SELECT task_instance FROM webhook_task WHERE task_name = ?", QUEUE)
                    .isEmpty());
  }

  private static String jobOf(Receiver.Received received) {
    return JSON.readTree(received.body()).get("transactionId").asString();
  }

  private Created create() throws Exception {
    HttpResponse<String> answer =
        http.send(
            request("2", "/api/jobs")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"kind\":\"parcel\",\"title\":\"A parcel\",\"callbackUrl\":\"%s\"}"
                            .formatted(receiver.url("/"))))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode job = JSON.readTree(answer.body());
    return new Created(job.get("transactionId").asString(), job.get("workerToken").asString());
  }

  private CompletableFuture<Integer> complete(String pod, Created job) {
    return http.sendAsync(
            request(pod, "/api/jobs/" + job.id() + "/events")
                .header("Authorization", "Bearer " + job.token())
                .POST(HttpRequest.BodyPublishers.ofString("{\"event\":\"complete\"}"))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .thenApply(HttpResponse::statusCode);
  }

  private JsonNode deliveries(Created job) throws Exception {
    return JSON.readTree(
        http.send(
                request("2", "/api/jobs/" + job.id() + "/deliveries").build(),
                HttpResponse.BodyHandlers.ofString())
            .body());
  }

  private static HttpRequest.Builder request(String pod, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + cluster.podPort(pod) + path))
        .header("Content-Type", "application/json");
  }
}
