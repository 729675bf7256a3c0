package dev.waybill.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One running server with access control. Its jobs stay in the queue. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "waybill.access.bootstrap-key=" + AccessTestBase.BOOTSTRAP,
      "waybill.access.jwt.secret=" + AccessTestBase.JWT_SECRET,
      "waybill.access.jwt.audience=waybill",
      "waybill.access.hosts=waybill.example",
      // No quota for uploads, because these tests upload more often than the default allows.
      "waybill.quotas.uploads-per-minute=0",
      "waybill.cors.allowed-origins=https://shop.example"
    })
abstract class AccessTestBase {

  static final String BOOTSTRAP = "bootstrap-key-of-thirty-two-characters-or-more";
  static final String JWT_SECRET = "a secret that the login of the shop shares with us";

  @LocalServerPort int port;
  @Autowired JdbcClient database;
  @Autowired Scheduler scheduler;
  @Autowired JsonMapper json;

  final HttpClient http = HttpClient.newHttpClient();

  @DynamicPropertySource
  static void dataFolder(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", AccessTestBase::temporaryFolder);
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("waybill-access");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void leaveJobsQueued() {
    scheduler.pause();
  }

  @AfterEach
  void close() {
    database.sql("DELETE FROM job").update();
    database.sql("DELETE FROM scheduled_tasks").update();
    http.shutdownNow(); // A test may have left a stream open.
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> call(String method, String path, String credential, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        to(path)
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body, UTF_8));
    if (!credential.isEmpty()) {
      request.header("Authorization", "Bearer " + credential);
    }
    return send(request);
  }

  HttpResponse<String> get(String path, String credential)
      throws IOException, InterruptedException {
    return call("GET", path, credential, "");
  }

  /** Makes a new key with the bootstrap key. */
  String key(String properties) throws IOException, InterruptedException {
    return made(properties).get("key").asString();
  }

  JsonNode made(String properties) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        call("POST", "/api/keys", BOOTSTRAP, "{\"name\":\"test\"," + properties + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return json.readTree(answer.body());
  }

  /** Creates a job with this credential and returns its transaction ID. */
  String upload(String credential) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        send(
            to("/api/upload/csv")
                .header("Content-Type", "text/csv")
                .header("Authorization", "Bearer " + credential)
                .POST(BodyPublishers.ofString("sku,name\nA1,Chair\n")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return json.readTree(answer.body()).get("transactionId").asString();
  }

  String watchToken(String credential, String... names) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        call(
            "POST",
            "/api/tokens",
            credential,
            json.writeValueAsString(Map.of("watch", names, "ttl", "10m")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return json.readTree(answer.body()).get("token").asString();
  }

  static String problem(HttpResponse<String> answer) {
    return answer.body().replaceFirst("(?s).*urn:waybill:problem:([a-z-]+).*", "$1");
  }
}
