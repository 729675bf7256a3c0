package dev.waybill.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.contract.Shows;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Uses valid credentials for calls that they do not permit. */
@TestPropertySource(properties = "waybill.access.hosts=waybill.example,shop.example")
class AttacksTest extends AccessTestBase {

  private static final String UPLOAD = "\"scopes\":[\"upload\"]";
  private static final String ALIVE = "{\"event\":\"alive\"}";

  private record Created(String id, String token) {}

  private Created create(String key) throws Exception {
    HttpResponse<String> answer =
        call("POST", "/api/jobs", key, "{\"kind\":\"answer\",\"title\":\"x\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode job = json.readTree(answer.body());
    return new Created(job.get("transactionId").asString(), job.get("workerToken").asString());
  }

  @Test
  @Shows("access.worker.other")
  void aWorkersTokenOpensItsOwnJobOnly() throws Exception {
    String key = key(UPLOAD);
    Created mine = create(key);
    Created other = create(key);
    String before = get("/api/jobs/" + other.id(), key).body();

    assertThat(call("POST", events(mine.id()), mine.token(), ALIVE).statusCode()).isEqualTo(200);
    assertThat(get("/api/jobs/" + mine.id(), mine.token()).statusCode()).isEqualTo(200);

    for (String call :
        List.of(
            "POST /api/jobs/%s/events",
            "GET /api/jobs/%s",
            "GET /api/jobs/%s/events",
            "GET /api/upload/sse/%s",
            "GET /sse/stream?transactionId=%s",
            "GET /api/streams/job:%s/events",
            "GET /api/events?stream=job:%s",
            "GET /api/jobs/%s/products",
            "GET /api/jobs/%s/deliveries",
            "DELETE /api/jobs/%s",
            "POST /api/jobs/%s/undo")) {
      String[] parts = call.split(" ");
      String body = parts[1].endsWith("/events") && parts[0].equals("POST") ? ALIVE : "";
      HttpResponse<String> refused =
          call(parts[0], parts[1].formatted(other.id()), mine.token(), body);
      assertThat(refused.statusCode()).as(call).isEqualTo(404);
      assertThat(problem(refused)).as(call).isEqualTo("job-unknown");
    }
    // A worker token has no principal, scope or pattern. Calls that need one of these get 403.
    for (String call :
        List.of(
            "GET /api/jobs",
            "POST /api/jobs",
            "POST /api/tokens",
            "POST /api/session",
            "GET /api/keys",
            "GET /api/products",
            "GET /api/streams/user-42-a/events",
            "POST /api/streams/job:%s/events".formatted(mine.id()),
            "GET /api/emitters?stream=job:%s".formatted(mine.id()))) {
      String[] parts = call.split(" ");
      HttpResponse<String> refused = call(parts[0], parts[1], mine.token(), "");
      assertThat(refused.statusCode()).as(call).isEqualTo(403);
      assertThat(problem(refused)).as(call).isEqualTo("forbidden");
    }
    assertThat(get("/api/jobs/" + other.id(), key).body()).isEqualTo(before);
  }

  /** Each path names the other job, or both jobs; "own" is the job of the token. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/jobs/{other-encoded}/events",
        "/api/jobs/{OTHER}/events",
        "/api/jobs/{other};{own}/events",
        "/api/jobs/{other};id={own}/events",
        "/api/jobs/{own}%2F..%2F{other}/events",
        "/api/jobs/{own}/../{other}/events",
        "/api/jobs/{own}/%2e%2e/{other}/events",
        "/api/jobs/{own}/..;/{other}/events",
        "/api/jobs/{own},{other}/events",
        "/api/jobs/{own}%2C{other}/events",
        "/api/jobs/{own}%00{other}/events",
        "/api/jobs/{own}%20/events",
        "/api/jobs//{other}/events",
        "/api/jobs/{other}/events/",
        "/api/jobs/{other}/events?id={own}",
        "/api/jobs/{own}%23/../{other}/events",
        "/api/jobs/%7Bother%7D/events"
      })
  @Shows("access.worker.other")
  void noSpellingOfAPathStretchesAWorkersToken(String path) throws Exception {
    String key = key(UPLOAD);
    Created own = create(key);
    Created other = create(key);
    String before = get("/api/jobs/" + other.id(), key).body();
    String encoded = "%" + Integer.toHexString(other.id().charAt(0)) + other.id().substring(1);
    String filled =
        path.replace("{other-encoded}", encoded)
            .replace("{OTHER}", other.id().toUpperCase(java.util.Locale.ROOT))
            .replace("{own}", own.id())
            .replace("{other}", other.id());

    HttpResponse<String> refused = call("POST", filled, own.token(), ALIVE);

    assertThat(refused.statusCode()).as(refused.body()).isIn(400, 403, 404);
    assertThat(get("/api/jobs/" + other.id(), key).body()).isEqualTo(before);
  }

  @Test
  @Shows("access.emitters.watcher")
  void aWatcherReachesNoEmitter() throws Exception {
    String watcher = key("\"scopes\":[\"watch\"],\"watch\":[\"user-42-*\"]");
    HttpResponse<InputStream> stream =
        http.send(
            to("/api/streams/user-42-orders/events")
                .header("Authorization", "Bearer " + watcher)
                .build(),
            BodyHandlers.ofInputStream());
    String emitter =
        "/api/emitters/" + stream.headers().firstValue("X-Waybill-Emitter").orElseThrow();
    await().until(() -> get(emitter, BOOTSTRAP).statusCode() == 200);
    String token = watchToken(watcher, "user-42-orders");

    for (String credential : List.of(watcher, token)) {
      assertThat(get("/api/emitters", credential).statusCode()).isEqualTo(403);
      assertThat(get("/api/emitters?stream=user-42-orders", credential).statusCode())
          .isEqualTo(403);
      assertThat(get(emitter, credential).statusCode()).isEqualTo(403);
      assertThat(call("POST", emitter + "/events", credential, "{\"data\":1}").statusCode())
          .isEqualTo(403);
      assertThat(call("DELETE", emitter, credential, "").statusCode()).isEqualTo(403);
    }
    assertThat(get("/api/emitters?stream=user-42-orders&access_token=" + token, "").statusCode())
        .isEqualTo(401);
    assertThat(get(emitter, BOOTSTRAP).statusCode()).as("still open").isEqualTo(200);
    stream.body().close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stream=user-42-orders&stream=user-43-orders",
        "stream=user-42-orders,user-43-orders",
        "stream=user-42-orders%2Cuser-43-orders",
        "stream=user-43-orders&stream=user-42-orders",
        "stream=user-42-*",
        "stream=user-42-orders&stream=*",
        "stream=user-42-orders&stream=job:*",
        "stream=user-42-orders&%73tream=user-43-orders",
        "stream=user-42-orders%00user-43-orders",
        "stream=user-42-orders&stream=record:product:X",
        "stream=user-42-order%73%2cuser-43-orders"
      })
  @Shows("access.token")
  void noOtherStreamComesWithTheOneThatATokenNames(String query) throws Exception {
    String owner = key("\"scopes\":[\"watch\"],\"watch\":[\"user-42-*\"]");
    String token = watchToken(owner, "user-42-orders");

    assertThat(get("/api/events?" + query + "&access_token=" + token, "").statusCode())
        .isIn(400, 403, 404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.evil.example",
        "https://evil.example/https://shop.example",
        "https://SHOP.example@evil.example",
        "null",
        "*",
        ""
      })
  @Shows("access.cors")
  void aForeignOriginGetsNothingWithCredentials(String origin) throws Exception {
    String key = key("\"scopes\":[\"upload\",\"watch\"],\"watch\":[\"user-42-*\"]");
    for (String path : List.of("/api/jobs", "/api/products", "/api/keys")) {
      HttpResponse<String> read =
          send(to(path).header("Origin", origin).header("Authorization", "Bearer " + key));
      assertNotShared(read);
    }
    HttpResponse<String> preflight =
        send(
            to("/api/jobs")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization"));
    assertNotShared(preflight);
  }

  private static void assertNotShared(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
        .as(answer.request().uri().toString())
        .isEmpty();
    assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
  }

  @Test
  @Shows("access.cors")
  void anAllowedOriginIsNamedExactly() throws Exception {
    HttpResponse<String> allowed =
        send(
            to("/api/jobs")
                .header("Authorization", "Bearer " + key(UPLOAD))
                .header("Origin", "https://shop.example"));
    assertThat(allowed.statusCode()).isEqualTo(200);
    assertThat(allowed.headers().allValues("Access-Control-Allow-Origin"))
        .containsExactly("https://shop.example");
    assertThat(allowed.headers().allValues("Vary")).contains("Origin");
  }

  private static String events(String id) {
    return "/api/jobs/" + id + "/events";
  }
}
