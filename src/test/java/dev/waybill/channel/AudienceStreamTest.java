package dev.waybill.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import dev.waybill.stream.RawStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Publishes to and watches named streams over HTTP, and compares the answers byte by byte. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class AudienceStreamTest {

  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";
  private static final String PREFACE = "retry: 3000\n: waybill {emitter}\n\n";

  @TempDir private static Path data;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort private int port;
  private final String name = "orders-" + UUID.randomUUID();
  private final JsonMapper json = new JsonMapper();

  @DynamicPropertySource
  static void dataFolder(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> data);
  }

  @Test
  @Shows({"audience.publish", "audience.open", "audience.live"})
  void aWatcherGetsWhatIsPublishedWhileItWatches() throws Exception {
    try (RawStream stream = watch("")) {
      stream.expect(PREFACE + open(stream, "0-0"));
      String id = publish("{\"event\":\"order\",\"data\":{\"total\":12.90}}");
      stream.expect("id: " + id + "\nevent: order\ndata: {\"total\":12.90}\n\n");

      String text =
          publish("{\"data\":\"a\\r\\nb\",\"text\":true,\"retry\":5000,\"messageId\":\"m-1\"}");
      stream.expect("id: " + text + "/m-1\nretry: 5000\ndata: a\ndata: b\n\n");
    }
  }

  @Test
  @Shows("audience.resume")
  void aClientThatComesBackGetsWhatItMissedAndNothingTwice() throws Exception {
    String first = publish("{\"data\":1}");
    String second = publish("{\"data\":2,\"messageId\":\"m\"}");
    String third = publish("{\"data\":3}");

    try (RawStream stream = watch("", "Last-Event-ID: " + first)) {
      stream.expect(PREFACE + open(stream, first));
      stream.expect("id: " + second + "/m\ndata: 2\n\nid: " + third + "\ndata: 3\n\n");
      stream.expect("id: " + publish("{\"data\":4}") + "\ndata: 4\n\n");
    }
    try (RawStream stream = watch("?lastEventId=" + second + "/m")) {
      stream.expect(PREFACE + open(stream, second) + "id: " + third + "\ndata: 3\n\n");
    }
  }

  @Test
  @Shows("audience.earliest")
  void aNewClientGetsAllThatIsRetainedIfItAsks() throws Exception {
    String first = publish("{\"data\":1}");
    String second = publish("{\"data\":2}");

    try (RawStream stream = watch("?from=earliest")) {
      stream.expect(PREFACE + open(stream, "0-0"));
      stream.expect("id: " + first + "\ndata: 1\n\nid: " + second + "\ndata: 2\n\n");
    }
    try (RawStream stream = watch("")) {
      stream.expect(PREFACE + open(stream, second));
    }
  }

  @Test
  @Shows("audience.gap")
  void aCursorThatNobodyCanVouchForIsAnsweredByAGap() throws Exception {
    String first = publish("{\"data\":1}");
    String before = first.replace("-1", "-0");

    try (RawStream stream = watch("", "Last-Event-ID: no cursor")) {
      stream.expect(PREFACE + open(stream, "0-0"));
      stream.expect(
          gap(before, "no?cursor", "\"" + first + "\"") + "id: " + first + "\ndata: 1\n\n");
    }
    try (RawStream stream = watch("", "Last-Event-ID: 99999-7")) {
      stream.expect(PREFACE + open(stream, "0-0") + gap(first, "99999-7", "null"));
      stream.expect("id: " + publish("{\"data\":2}") + "\ndata: 2\n\n");
    }
  }

  @Test
  @Shows({"audience.close", "audience.reopen"})
  void closingEndsEveryConnectionAndTheNextEventOpensTheStreamAgain() throws Exception {
    String first = publish("{\"data\":1}");
    String closing = first.replace("-1", "-2");
    try (RawStream stream = watch("")) {
      stream.expect(PREFACE + open(stream, first));
      assertThat(send("DELETE", "", null, "").statusCode()).isEqualTo(202);
      stream.expect("id: " + closing + "\nevent: waybill.closed\ndata: {}\n\n");
      stream.expectEnd();
    }
    assertThat(send("DELETE", "", null, "").statusCode()).isEqualTo(202);
    assertThat(info().get("closed").asBoolean()).isTrue();
    try (RawStream seen = watch("", "Last-Event-ID: " + closing)) {
      assertThat(seen.status).isEqualTo(204);
    }
    try (RawStream behind = watch("", "Last-Event-ID: " + first)) {
      behind.expect(PREFACE + open(behind, first));
      behind.expect("id: " + closing + "\nevent: waybill.closed\ndata: {}\n\n");
      behind.expectEnd();
    }
    try (RawStream fresh = watch("")) {
      fresh.expect(PREFACE + open(fresh, first));
      fresh.expect("id: " + closing + "\nevent: waybill.closed\ndata: {}\n\n");
    }

    String reopened = publish("{\"data\":2}");

    assertThat(reopened).endsWith("-1").isNotEqualTo(first);
    try (RawStream after = watch("", "Last-Event-ID: " + closing)) {
      after.expect(PREFACE + open(after, closing) + "id: " + reopened + "\ndata: 2\n\n");
    }
  }

  @Test
  @Shows("audience.batch")
  void aBatchIsPublishedInOrderOrNotAtAll() throws Exception {
    HttpResponse<String> answer = send("POST", "/events", NDJSON, "{\"data\":1}\n\n{\"data\":2}\n");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json.readTree(answer.body()).get("ids")).hasSize(2);
    assertThat(json.readTree(answer.body()).get("watchers").asInt()).isZero();

    HttpResponse<String> refused =
        send("POST", "/events", NDJSON, "{\"data\":3}\n{\"data\":4,\"retry\":1}\n");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("Line 2: retry is a whole number");
    assertThat(info().get("retained").get("count").asInt()).isEqualTo(2);
  }

  @Test
  @Shows("audience.refused")
  void refusesWhatIsNoEvent() throws Exception {
    assertRefused(400, "parameter", "{");
    assertRefused(400, "parameter", "[]");
    assertRefused(400, "parameter", "{\"event\":\"order\"}");
    assertRefused(400, "parameter", "{\"data\":1,\"dalivery\":\"latest\"}");
    assertRefused(400, "parameter", "{\"data\":1,\"delivery\":\"never\"}");
    assertRefused(400, "parameter", "{\"data\":1,\"event\":\"a b\"}");
    assertRefused(400, "parameter", "{\"data\":1,\"event\":\"a\\nid: 9\"}");
    assertRefused(400, "parameter", "{\"data\":1,\"text\":true}");
    assertRefused(400, "parameter", "{\"data\":\"\\u0000\",\"text\":true}");
    assertRefused(400, "parameter", "{\"data\":1,\"messageId\":\"" + "m".repeat(129) + "\"}");
    assertRefused(422, "event-name", "{\"data\":1,\"event\":\"waybill.closed\"}");
    assertRefused(413, "event-too-large", "{\"data\":\"" + "x".repeat(65_536) + "\"}");
    assertRefused(413, "too-large", "{\"data\":\"" + "x".repeat(1 << 20) + "\"}");
    assertThat(get("").statusCode()).isEqualTo(404);
  }

  @Test
  @Shows("audience.name")
  void namesHaveTheirOwnAlphabet() throws Exception {
    assertThat(get("/api/streams/a%20b").statusCode()).isEqualTo(400);
    assertThat(get("/api/streams/" + "x".repeat(201)).statusCode()).isEqualTo(400);
    assertThat(post("/api/streams/job:1/events", "{\"data\":1}").statusCode()).isEqualTo(403);
    assertThat(post("/api/streams/waybill-x/events", "{\"data\":1}").statusCode()).isEqualTo(403);
    assertThat(get("/api/streams/waybill-x/events").statusCode()).isEqualTo(404);
    assertThat(get("/api/streams/job:0123/events").statusCode()).isEqualTo(404);
  }

  @Test
  @Shows("audience.history")
  void theHistoryComesInPagesWithACursor() throws Exception {
    String first = publish("{\"data\":1}");
    String second = publish("{\"event\":\"order\",\"data\":\"a\\nb\",\"text\":true}");

    JsonNode page = history("?limit=1");
    assertThat(page.toString())
        .isEqualTo(
            "{\"items\":[{\"id\":\"%1$s\",\"data\":1}],\"next\":\"%1$s\",\"cursor\":\"%1$s\"}"
                .formatted(first));

    JsonNode rest = history("?after=" + first);
    assertThat(rest.toString())
        .isEqualTo(
            ("{\"items\":[{\"id\":\"%1$s\",\"event\":\"order\",\"data\":\"a\\nb\",\"text\":true}],"
                    + "\"next\":null,\"cursor\":\"%1$s\"}")
                .formatted(second));

    assertThat(history("?after=latest").get("cursor").asString()).isEqualTo(second);
    assertThat(history("?after=99999-1").get("gap").asBoolean()).isTrue();
  }

  @Test
  @Shows("audience.long-poll")
  void theHistoryWaitsForTheFirstEventBehindTheCursor() throws Exception {
    String first = publish("{\"data\":1}");
    HttpRequest request =
        request("/api/streams/" + name + "/events?after=" + first)
            .header("Accept", JSON)
            .header("Prefer", "wait=30")
            .build();
    CompletableFuture<HttpResponse<String>> answer =
        HTTP.sendAsync(request, BodyHandlers.ofString());

    String second = publish("{\"data\":2}");

    HttpResponse<String> page = answer.get(30, TimeUnit.SECONDS);
    assertThat(page.headers().firstValue("Preference-Applied")).hasValue("wait=30");
    assertThat(json.readTree(page.body()).get("cursor").asString()).isEqualTo(second);
  }

  @Test
  @Shows("audience.list")
  void theListShowsStreamsByPrefix() throws Exception {
    publish("{\"data\":1}");

    JsonNode page = json.readTree(get("/api/streams?limit=1&prefix=" + name).body());

    assertThat(page.get("items")).hasSize(1);
    assertThat(page.get("items").get(0).get("name").asString()).isEqualTo(name);
    assertThat(page.get("next").isNull()).isTrue();
  }

  private void assertRefused(int status, String problem, String body) throws Exception {
    HttpResponse<String> answer = send("POST", "/events", JSON, body);
    assertThat(answer.statusCode())
        .as(body.substring(0, Math.min(50, body.length())))
        .isEqualTo(status);
    assertThat(answer.body()).contains("urn:waybill:problem:" + problem);
  }

  private static String open(RawStream stream, String cursor) {
    return "id: %s\nevent: waybill.open\ndata: {\"emitterId\":\"%s\"}\n\n"
        .formatted(cursor, stream.headers.get("X-Waybill-Emitter"));
  }

  private static String gap(String id, String after, String resumesAt) {
    return "id: %s\nevent: waybill.gap\ndata: {\"after\":\"%s\",\"resumesAt\":%s}\n\n"
        .formatted(id, after, resumesAt);
  }

  private RawStream watch(String query, String... headers) throws IOException {
    return RawStream.open(port, "GET", "/api/streams/" + name + "/events" + query, 0, headers);
  }

  /** Publishes one event and returns its ID. */
  private String publish(String event) throws Exception {
    HttpResponse<String> answer = send("POST", "/events", JSON, event);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json.readTree(answer.body()).get("ids").get(0).asString();
  }

  private JsonNode info() throws Exception {
    return json.readTree(get("/api/streams/" + name).body());
  }

  private JsonNode history(String query) throws Exception {
    HttpRequest request =
        request("/api/streams/" + name + "/events" + query).header("Accept", JSON).build();
    HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json.readTree(answer.body());
  }

  private HttpResponse<String> get(String path) throws Exception {
    String whole = path.isEmpty() ? "/api/streams/" + name : path;
    return HTTP.send(request(whole).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return HTTP.send(
        request(path)
            .header("Content-Type", JSON)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, String path, String type, String body)
      throws Exception {
    HttpRequest.Builder request = request("/api/streams/" + name + path);
    if (type != null) {
      request.header("Content-Type", type);
    }
    return HTTP.send(
        request.method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }
}
