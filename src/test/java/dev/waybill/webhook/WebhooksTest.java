package dev.waybill.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.waybill.contract.Shows;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The ends of jobs, posted to a real receiver. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "waybill.webhooks.secret=" + WebhooksTest.SECRET,
      "waybill.webhooks.allow-private=true"
    })
class WebhooksTest {

  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir static Path folder;

  @LocalServerPort int port;
  @Autowired JdbcClient database;
  @Autowired DeliverEnds deliverEnds;
  @Autowired MeterRegistry meters;
  final JsonMapper json = JsonMapper.shared();
  final HttpClient http = HttpClient.newHttpClient();
  Receiver receiver;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> folder);
  }

  @BeforeEach
  void listen() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void forgetAll() {
    receiver.close();
    http.shutdownNow();
    for (String table :
        new String[] {"webhook_task", "webhook_attempt", "webhook", "external_job", "job"}) {
      database.sql("DELETE FROM " + table).update();
    }
  }

  record Created(String id, String token) {}

  Created create(String callback) throws Exception {
    HttpResponse<String> answer =
        post(
            "/api/jobs",
            "{\"kind\":\"parcel\",\"title\":\"A parcel\",\"payload\":{\"secret\":1},\"callbackUrl\":\"%s\"}"
                .formatted(callback));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode job = json.readTree(answer.body());
    return new Created(job.get("transactionId").asString(), job.get("workerToken").asString());
  }

  void complete(Created job) throws Exception {
    HttpResponse<String> answer =
        post(
            "/api/jobs/" + job.id() + "/events",
            "{\"event\":\"complete\",\"result\":{\"weight\":3}}",
            "Authorization",
            "Bearer " + job.token());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  JsonNode deliveries(String id) {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + port + "/api/jobs/" + id + "/deliveries"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return json.readTree(answer.body());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void awaitState(String id, String state) {
    await().atMost(PATIENCE).until(() -> deliveries(id).path("state").asString(), state::equals);
  }

  void awaitReceived(int count) {
    await().atMost(PATIENCE).until(() -> receiver.received.size() >= count);
  }

  @Test
  @Shows("webhook.delivered")
  void theFinalJobIsPostedAndSigned() throws Exception {
    Created job = create(receiver.url("/hooks?shop=7"));
    assertThat(deliveries(job.id()).get("state").asString()).isEqualTo("waiting");

    complete(job);

    awaitState(job.id(), "delivered");
    Receiver.Received received = receiver.received.getFirst();
    assertThat(received.path()).isEqualTo("/hooks?shop=7");
    JsonNode body = json.readTree(received.body());
    assertThat(body.get("transactionId").asString()).isEqualTo(job.id());
    assertThat(body.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(body.has("payload")).isFalse();
    assertThat(body.get("omitted").toString()).isEqualTo("[\"output\",\"payload\",\"result\"]");
    assertThat(received.headers().getFirst("Content-Type")).isEqualTo("application/json");
    verify(received, SECRET);
    JsonNode page = deliveries(job.id());
    assertThat(page.get("webhookId").asString()).isEqualTo(received.id());
    JsonNode attempt = page.get("items").get(0);
    assertThat(attempt.get("status").asInt()).isEqualTo(204);
    assertThat(attempt.get("error").isNull()).isTrue();
    assertThat(attempt.get("time").asString()).endsWith("Z");
    assertThat(attempt.get("duration").asLong()).isBetween(0L, 15_000L);
  }

  /** Verifies the signature with the reference library of Standard Webhooks. */
  static void verify(Receiver.Received received, String secret) {
    HttpHeaders headers = HttpHeaders.of(received.headers(), (_, _) -> true);
    assertThatCode(() -> new Webhook(secret).verify(received.body(), headers))
        .doesNotThrowAnyException();
  }

  @Test
  @Shows("webhook.retry")
  void aFailedDeliveryIsRepeatedAfterSomeSecondsWithTheSameId() throws Exception {
    receiver.answers.add(500);
    Created job = create(receiver.url("/"));
    complete(job);

    awaitState(job.id(), "delivered");

    assertThat(receiver.received).hasSize(2);
    assertThat(receiver.received.get(1).id()).isEqualTo(receiver.received.get(0).id());
    assertThat(receiver.received.get(1).body()).isEqualTo(receiver.received.get(0).body());
    JsonNode items = deliveries(job.id()).get("items");
    assertThat(items.get(0).get("status").asInt()).isEqualTo(204);
    assertThat(items.get(1).get("status").asInt()).isEqualTo(500);
    assertThat(items.get(1).get("error").asString()).isEqualTo("status");
    long pause =
        Duration.between(
                java.time.Instant.parse(items.get(1).get("time").asString()),
                java.time.Instant.parse(items.get(0).get("time").asString()))
            .toMillis();
    assertThat(pause).isBetween(4_400L, 9_000L);
  }

  @Test
  @Shows("webhook.gone")
  void goneEndsIt() throws Exception {
    receiver.answers.add(410);
    Created job = create(receiver.url("/"));
    complete(job);

    awaitState(job.id(), "gone");

    assertThat(deliveries(job.id()).get("nextAt").isNull()).isTrue();
    // The scheduler deletes the task of an attempt once the attempt has returned.
    await().atMost(PATIENCE).until(() -> count("webhook_task") == 0);
  }

  @Test
  @Shows("webhook.redirect")
  void aRedirectIsAFailureAndIsNotFollowed() throws Exception {
    receiver.answers.add(302);
    Created job = create(receiver.url("/"));
    complete(job);

    await()
        .atMost(PATIENCE)
        .until(() -> deliveries(job.id()).get("items").size(), size -> size == 1);

    assertThat(receiver.received).extracting(Receiver.Received::path).containsExactly("/");
    JsonNode page = deliveries(job.id());
    assertThat(page.get("items").get(0).get("error").asString()).isEqualTo("redirect");
    assertThat(page.get("state").asString()).isEqualTo("pending");
  }

  @Test
  void anAttemptWithoutAnAnswerHasNoStatus() throws Exception {
    Created job = create(receiver.url("/"));
    receiver.close();
    complete(job);
    await()
        .atMost(PATIENCE)
        .until(() -> deliveries(job.id()).get("items").size(), size -> size >= 1);

    JsonNode attempt = deliveries(job.id()).get("items").get(0);

    assertThat(attempt.get("status").isNull()).isTrue();
    assertThat(attempt.get("error").asString()).isEqualTo("connect");
  }

  @Test
  @Shows("webhook.given-up")
  void itGivesUpAfterTenAttempts() throws Exception {
    receiver.answers.add(500);
    Created job = create(receiver.url("/"));
    complete(job);
    await()
        .atMost(PATIENCE)
        .until(() -> deliveries(job.id()).get("items").size(), size -> size == 1);
    database.sql("DELETE FROM webhook_task").update();
    double before = meters.counter("waybill.webhook.deliveries", "result", "given-up").count();

    for (int attempt = 2; attempt < 10; attempt++) {
      receiver.answers.add(503);
      assertThat(deliverEnds.deliver(job.id())).isPositive();
    }
    receiver.answers.add(503);
    assertThat(deliverEnds.deliver(job.id())).isNull();

    assertThat(deliveries(job.id()).get("state").asString()).isEqualTo("given-up");
    assertThat(receiver.received).hasSize(10);
    assertThat(meters.counter("waybill.webhook.deliveries", "result", "given-up").count())
        .isEqualTo(before + 1);
  }

  @Test
  @Shows("webhook.again")
  void aDeliveryIsSentAgainWithTheSameIdAndNotTooOften() throws Exception {
    Created job = create(receiver.url("/"));
    HttpResponse<String> early = post("/api/jobs/" + job.id() + "/deliveries", "");
    assertThat(early.statusCode()).isEqualTo(409);
    complete(job);
    awaitState(job.id(), "delivered");

    HttpResponse<String> again = post("/api/jobs/" + job.id() + "/deliveries", "");
    assertThat(again.statusCode()).as(again.body()).isEqualTo(202);
    awaitReceived(2);
    HttpResponse<String> tooOften = post("/api/jobs/" + job.id() + "/deliveries", "");

    assertThat(receiver.received.get(1).id()).isEqualTo(receiver.received.get(0).id());
    assertThat(tooOften.statusCode()).isEqualTo(429);
    assertThat(tooOften.headers().firstValue("Retry-After")).hasValue("10");
  }

  @Test
  void aRequestToSendAgainDuringTheLastAttemptIsKept() throws Exception {
    Created job = create(receiver.url("/"));
    complete(job);
    awaitState(job.id(), "delivered");
    await().atMost(PATIENCE).until(() -> count("webhook_task") == 0);
    CountDownLatch hold = new CountDownLatch(1);
    receiver.holds.add(hold);
    receiver.answers.add(500);
    database.sql("UPDATE webhook SET state = 'PENDING', tries = 9").update();
    insertTask(job, false, null);
    awaitReceived(2);

    HttpResponse<String> again = post("/api/jobs/" + job.id() + "/deliveries", "");
    assertThat(again.statusCode()).as(again.body()).isEqualTo(202);
    hold.countDown();

    awaitReceived(3);
    awaitState(job.id(), "delivered");
    assertThat(deliveries(job.id()).get("items")).hasSize(3);
  }

  @Test
  @Shows("webhook.upload")
  void theEndOfAnImportIsPosted() throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:"
                            + port
                            + "/api/upload/csv?callbackUrl="
                            + URLEncoder.encode(receiver.url("/import"), UTF_8)))
                .header("Content-Type", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofString("sku,name\nA1,Chair\n"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);

    awaitReceived(1);

    JsonNode body = json.readTree(receiver.received.getFirst().body());
    assertThat(body.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(body.get("counts").get("created").asInt()).isEqualTo(1);
    assertThat(body.has("mapping")).isFalse();
    assertThat(body.get("omitted").toString()).contains("\"mapping\"");
    verify(receiver.received.getFirst(), SECRET);
  }

  @Test
  @Shows("webhook.refused")
  void anUnusableAddressIsRefusedBeforeAJobExists() throws Exception {
    for (String url : new String[] {"ftp://shop.example/", "http://u@shop.example/", "x"}) {
      HttpResponse<String> answer =
          post("/api/jobs", "{\"kind\":\"x\",\"title\":\"x\",\"callbackUrl\":\"" + url + "\"}");
      assertThat(answer.statusCode()).isEqualTo(422);
      assertThat(answer.body()).contains("urn:waybill:problem:callback");
    }
    assertThat(count("job")).isZero();
  }

  @Test
  void aJobWithoutACallbackHasNoDeliveries() throws Exception {
    HttpResponse<String> created = post("/api/jobs", "{\"kind\":\"x\",\"title\":\"x\"}");
    String id = json.readTree(created.body()).get("transactionId").asString();

    assertThat(deliveries(id).toString()).isEqualTo("{\"items\":[],\"next\":null}");
    assertThat(post("/api/jobs/" + id + "/deliveries", "").statusCode()).isEqualTo(422);
    assertThat(post("/api/webhook-secret", "").statusCode()).isEqualTo(422);
  }

  @Test
  @Shows("webhook.once")
  void theDeliveryIsQueuedWithTheEndOrNotAtAll() throws Exception {
    Created job = create(receiver.url("/"));
    assertThat(count("webhook_task")).isZero();

    complete(job);
    HttpResponse<String> twice =
        post(
            "/api/jobs/" + job.id() + "/events",
            "{\"event\":\"complete\"}",
            "Authorization",
            "Bearer " + job.token());

    assertThat(twice.statusCode()).isEqualTo(409);
    awaitState(job.id(), "delivered");
    assertThat(receiver.received).hasSize(1);
  }

  @Test
  @Shows("webhook.crash")
  void aDeliveryThatACrashedProcessWasMakingIsMadeAgain() throws Exception {
    Created job = create(receiver.url("/"));
    complete(job);
    awaitState(job.id(), "delivered");
    // The state that a process leaves if it is killed after it has sent the request and before it
    // has recorded the result.
    database.sql("UPDATE webhook SET state = 'PENDING', tries = 0").update();
    insertTask(job, true, "dead");

    awaitReceived(2);

    assertThat(receiver.received.get(1).id()).isEqualTo(receiver.received.get(0).id());
    awaitState(job.id(), "delivered");
  }

  private void insertTask(Created job, boolean picked, @Nullable String pickedBy) {
    database
        .sql(
            """
            INSERT INTO webhook_task (task_name, task_instance, execution_time, picked, picked_by,
              last_heartbeat, version)
            SELECT 'webhook_task', ?, created, ?, CAST(? AS VARCHAR(50)), created, 1
            FROM (SELECT %s AS created) times
            """
                .formatted(longAgo()))
        .params(Arrays.asList(job.id(), picked, pickedBy))
        .update();
  }

  /** A moment in the past, as db-scheduler stores it. */
  String longAgo() {
    return "1577836800000";
  }

  int count(String table) {
    return Objects.requireNonNull(
        database.sql("SELECT COUNT(*) FROM " + table).query(Integer.class).single());
  }
}
