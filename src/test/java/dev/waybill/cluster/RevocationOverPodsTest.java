package dev.waybill.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.WaybillApplication;
import dev.waybill.contract.Shows;
import dev.waybill.storage.PostgresServer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Three whole pods with access on: what one of them makes or revokes counts on all of them. */
class RevocationOverPodsTest {

  private static final String ADMIN = "bootstrap-key-of-thirty-two-characters-or-more";
  private static final String STREAM = "/api/streams/user-42-orders/events";
  private static final String KEY =
      """
      {"name": "shop", "scopes": ["watch", "publish"],
       "watch": ["user-42-*"], "publish": ["user-42-*"]}\
      """;

  @TempDir private static Path folder;

  private static final List<ConfigurableApplicationContext> PODS = new ArrayList<>();
  private static final List<Integer> PORTS = new ArrayList<>();
  private static TestRedis redis;

  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = JsonMapper.shared();

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    String database = PostgresServer.newDatabase();
    // Both transports, and two pods with the same one.
    for (String transport : List.of("emitter", "socket", "emitter")) {
      int port = TestRedis.freePort();
      PORTS.add(port);
      PODS.add(
          new SpringApplicationBuilder(WaybillApplication.class)
              .registerShutdownHook(false)
              .run(
                  "--spring.profiles.active=cluster",
                  "--server.port=" + port,
                  "--server.address=127.0.0.1",
                  "--server.shutdown=immediate",
                  "--spring.main.banner-mode=off",
                  "--spring.data.redis.port=" + redis.port,
                  "--spring.datasource.url=" + database,
                  "--spring.datasource.username=" + PostgresServer.USER,
                  "--waybill.data-dir=" + folder,
                  "--waybill.cluster.secret=" + TestPod.SECRET,
                  "--waybill.cluster.advertise-url=http://127.0.0.1:" + port,
                  "--waybill.stream.transport=" + transport,
                  "--waybill.access.bootstrap-key=" + ADMIN));
    }
  }

  @AfterAll
  static void stop() {
    PODS.forEach(ConfigurableApplicationContext::close);
    redis.close();
  }

  @Test
  @Shows({"access.revoke.pods", "access.key.fresh"})
  void aRevokedKeyEndsItsStreamsAndThoseOfItsTokensOnAllPodsWithinFiveSeconds() throws Exception {
    JsonNode made = json.readTree(send(0, "POST", "/api/keys", ADMIN, KEY).body());
    String key = made.get("key").asString();
    String token =
        json.readTree(
                send(0, "POST", "/api/tokens", key, "{\"watch\":[\"user-42-orders\"]}").body())
            .get("token")
            .asString();
    List<HttpResponse<InputStream>> streams = new ArrayList<>();
    for (int pod = 2; pod >= 0; pod--) {
      // At once, also on the pods that did not make the key.
      streams.add(open(pod, STREAM + "?access_token=" + token, ""));
      streams.add(open(pod, STREAM, key));
    }
    assertThat(streams).allSatisfy(stream -> assertThat(stream.statusCode()).isEqualTo(200));
    assertThat(send(1, "POST", STREAM, key, "{\"data\":{\"n\":1}}").statusCode()).isEqualTo(200);

    long since = System.nanoTime();
    assertThat(send(0, "DELETE", "/api/keys/" + made.get("id").asString(), ADMIN, "").statusCode())
        .isEqualTo(204);

    for (HttpResponse<InputStream> stream : streams) {
      String all = new String(stream.body().readAllBytes(), UTF_8);
      assertThat(all).contains("data: {\"n\":1}");
      // The last event has no ID, so that a client keeps the one of the event before.
      assertThat(all).endsWith("\n\nevent: waybill.expired\ndata: {}\n\n");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(5));
    for (int pod = 0; pod < 3; pod++) {
      assertThat(send(pod, "GET", STREAM, key, "").statusCode()).isEqualTo(401);
      assertThat(send(pod, "GET", STREAM + "?access_token=" + token, "", "").statusCode())
          .isEqualTo(401);
    }
  }

  private HttpResponse<InputStream> open(int pod, String path, String key) throws Exception {
    return http.send(
        request(pod, path, key).header("Accept", "text/event-stream").build(),
        BodyHandlers.ofInputStream());
  }

  private HttpResponse<String> send(int pod, String method, String path, String key, String body)
      throws Exception {
    return http.send(
        request(pod, path, key)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(int pod, String path, String key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORTS.get(pod) + path));
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }
}
