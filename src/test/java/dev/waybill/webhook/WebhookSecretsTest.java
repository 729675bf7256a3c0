package dev.waybill.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
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

/** Two principals with a secret each. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "waybill.access.bootstrap-key=" + WebhookSecretsTest.ADMIN,
      "waybill.webhooks.allow-private=true"
    })
class WebhookSecretsTest {

  static final String ADMIN = "bootstrap-key-of-thirty-two-characters-or-more";

  @TempDir static Path folder;

  @LocalServerPort int port;
  @Autowired JdbcClient database;
  final JsonMapper json = JsonMapper.shared();
  final HttpClient http = HttpClient.newHttpClient();
  Receiver receiver;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> folder);
  }

  @BeforeEach
  void listen() throws Exception {
    receiver = new Receiver();
  }

  @AfterEach
  void close() {
    receiver.close();
    http.shutdownNow();
  }

  private HttpResponse<String> call(String method, String path, String key, String body)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + key)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String key() throws Exception {
    HttpResponse<String> answer =
        call("POST", "/api/keys", ADMIN, "{\"name\":\"shop\",\"scopes\":[\"upload\"]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return json.readTree(answer.body()).get("key").asString();
  }

  private String secret(String key) throws Exception {
    HttpResponse<String> answer = call("POST", "/api/webhook-secret", key, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    return json.readTree(answer.body()).get("secret").asString();
  }

  private HttpResponse<String> create(String key) throws Exception {
    return call(
        "POST",
        "/api/jobs",
        key,
        "{\"kind\":\"x\",\"title\":\"x\",\"callbackUrl\":\"" + receiver.url("/") + "\"}");
  }

  private String createAndComplete(String key) throws Exception {
    HttpResponse<String> created = create(key);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(202);
    JsonNode job = json.readTree(created.body());
    String id = job.get("transactionId").asString();
    HttpResponse<String> answer =
        call(
            "POST",
            "/api/jobs/" + id + "/events",
            job.get("workerToken").asString(),
            "{\"event\":\"complete\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return id;
  }

  private HttpResponse<String> importPreview(String preview, String key) throws Exception {
    return call(
        "POST",
        "/api/previews/%s/import?dryRun=true&callbackUrl=%s".formatted(preview, receiver.url("/")),
        key,
        "");
  }

  private String preview(String key) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + port + "/api/upload/csv?preview=true"))
                .header("Content-Type", "text/csv")
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString("sku,name\nA1,Chair\n"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return json.readTree(answer.body()).get("previewId").asString();
  }

  /** The job belongs to the caller of the preview, whose secret signs the post. */
  @Test
  @Shows("webhook.secret")
  void anAdminWhoImportsAPreviewNeedsNoSecretButItsCallerDoes() throws Exception {
    String key = key();
    String preview = preview(key);
    assertThat(importPreview(preview, ADMIN).statusCode()).isEqualTo(422);
    secret(key);

    HttpResponse<String> answer = importPreview(preview, ADMIN);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    await().until(() -> !receiver.received.isEmpty());
  }

  @Test
  @Shows("webhook.secret")
  void eachPrincipalHasASecretAndTwoSignDuringARotation() throws Exception {
    String key = key();
    assertThat(create(key).statusCode()).isEqualTo(422);
    String first = secret(key);
    String second = secret(key);
    String third = secret(key);
    secret(key());

    createAndComplete(key);

    await().until(() -> !receiver.received.isEmpty());
    Receiver.Received received = receiver.received.getFirst();
    assertThat(received.headers().getFirst("webhook-signature").split(" ")).hasSize(2);
    WebhooksTest.verify(received, second);
    WebhooksTest.verify(received, third);
    assertThat(first).startsWith("whsec_").isNotEqualTo(second);
    assertThat(
            database
                .sql("SELECT COUNT(*) FROM webhook_secret WHERE secret = ?")
                .param(first)
                .query(Integer.class)
                .single())
        .isZero();
  }

  @Test
  @Shows("webhook.owner")
  void onlyOwnerAndAdminSeeDeliveriesAndSendAgain() throws Exception {
    String key = key();
    secret(key);
    String id = createAndComplete(key);
    String path = "/api/jobs/" + id + "/deliveries";
    String other = key();

    assertThat(call("GET", path, other, "").statusCode()).isEqualTo(404);
    assertThat(call("POST", path, other, "").statusCode()).isEqualTo(404);
    assertThat(call("GET", path, key, "").statusCode()).isEqualTo(200);
    assertThat(call("GET", path, ADMIN, "").statusCode()).isEqualTo(200);
    assertThat(call("POST", path, ADMIN, "").statusCode()).isEqualTo(202);
  }
}
