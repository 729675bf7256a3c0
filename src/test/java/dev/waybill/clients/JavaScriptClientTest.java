package dev.waybill.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests {@code clients/waybill.js} under Node. Pages of the examples test it in Chromium. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class JavaScriptClientTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path data;

  @LocalServerPort int port;
  @TempDir Path folder;

  private String workerToken = "";

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> data);
  }

  @Test
  void watchesOneAndSeveralStreamsOverALostConnectionUntilTheirEnd() throws Exception {
    Path output = folder.resolve("events");
    JsonNode job = send("POST", "/api/jobs", "{\"kind\":\"letter\",\"title\":\"A letter\"}");
    workerToken = job.get("workerToken").asString();
    String id = job.get("transactionId").asString();
    try (Line line = new Line(port)) {
      Process node =
          new ProcessBuilder(
                  "node",
                  "own.js",
                  "http://localhost:" + line.port(),
                  id,
                  "http://localhost:" + port)
              .directory(ProgramWatch.FOLDER.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        await().atMost(PATIENCE).until(() -> watchers("js-one") == 2 && watchers("job:" + id) == 2);
        publish("js-one", 1);
        await().atMost(PATIENCE).until(() -> events(output, "several", "tick").size() == 1);

        line.cut();
        publish("js-one", 2);
        publish("js-two", 3);
        await().atMost(PATIENCE).until(() -> events(output, "several", "tick").size() == 3);
        report(id, "{\"event\":\"complete\"}");
        send("DELETE", "/api/streams/js-one", "");
        send("DELETE", "/api/streams/js-two", "");

        assertThat(node.waitFor(60, TimeUnit.SECONDS)).as(Files.readString(output)).isTrue();
      } finally {
        node.destroyForcibly();
      }
      assertThat(line.connections()).isGreaterThan(4);
    }
    assertThat(events(output, "one", "tick"))
        .extracting(e -> e.get("data").asInt())
        .containsExactly(1, 2);
    assertThat(events(output, "several", "tick"))
        .extracting(e -> e.get("stream").asString() + e.get("data").asInt())
        .containsExactlyInAnyOrder("js-one1", "js-one2", "js-two3");
    assertThat(lines(output))
        .filteredOn(line -> line.has("connection"))
        .extracting(line -> line.get("connection").asString())
        .startsWith("open", "lost", "open");
    JsonNode result = lines(output).getLast();
    assertThat(result.get("one").asString()).isEqualTo("waybill.closed");
    assertThat(result.get("several").asString()).isEqualTo("waybill.closed");
    assertThat(result.get("job").asString()).isEqualTo("complete");
    assertThat(result.get("seenBefore").isNull()).isTrue();
    assertThat(result.get("refused").asInt()).isEqualTo(404);
    assertThat(result.get("uploaded").asString()).isEqualTo("js.csv");
    assertThat(result.get("sent")).hasToString("[18,18]");
    assertThat(result.get("preview").asString()).isEqualTo("upload.csv");
    assertThat(result.get("bad").asString()).startsWith("urn:waybill:problem:");
    assertThat(result.get("stopped").asString()).isEqualTo("AbortError");
    assertThat(result.get("closed").isNull()).isTrue();
  }

  /**
   * Uses no server, because a real one is seldom full and sends an ID without data only after a
   * crash.
   */
  @Test
  void aRefusedStreamIsNotOpenAndRetriesWhenAndWhereTheServiceSays() throws Exception {
    Process node =
        new ProcessBuilder("node", "refused.js")
            .directory(ProgramWatch.FOLDER.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor()).as(output).isZero();
    JsonNode printed = JsonMapper.shared().readTree(output);

    assertThat(printed.get("states")).hasToString("[\"lost\",\"open\",\"lost\",\"open\"]");
    assertThat(printed.get("sentIds")).hasToString("[null,null,\"1-2\",null]");
    // Each pause is within a quarter of the retry time of the response before it.
    List<Integer> millis = List.of(70, 90, 100);
    assertThat(printed.get("pauses")).hasSameSizeAs(millis);
    for (int i = 0; i < millis.size(); i++) {
      assertThat(printed.get("pauses").get(i).asDouble())
          .isCloseTo(millis.get(i), Percentage.withPercentage(26));
    }
  }

  @Test
  void eventsForTheConnectionAloneBelongToNoneOfSeveralStreams() throws Exception {
    Path output = folder.resolve("direct");
    Process node =
        new ProcessBuilder(
                "node", "direct.js", "http://localhost:" + port, "js-direct", "js-beside")
            .directory(ProgramWatch.FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      await().atMost(PATIENCE).until(() -> !lines(output).isEmpty());
      String emitter =
          "/api/emitters/" + lines(output).getFirst().get("data").get("emitterId").asString();
      for (String event :
          List.of(
              "{\"event\":\"hint\",\"data\":null}",
              "{\"event\":\"hint\",\"data\":{\"stream\":\"js-beside\",\"data\":1}}",
              "{\"event\":\"complete\",\"data\":\"save\"}")) {
        send("POST", emitter + "/events", event);
      }
      publish("js-direct", 2);
      await().atMost(PATIENCE).until(() -> lines(output).size() == 5);
      send("DELETE", emitter, "");

      assertThat(node.waitFor(60, TimeUnit.SECONDS)).as(Files.readString(output)).isTrue();
    } finally {
      node.destroyForcibly();
    }
    assertThat(lines(output).stream().skip(1).map(JavaScriptClientTest::inShort))
        .containsExactly(
            "hint null null",
            "hint null {\"stream\":\"js-beside\",\"data\":1}",
            "complete null \"save\"",
            "tick \"js-direct\" 2",
            "waybill.closed null {}",
            "final waybill.closed");
  }

  private static String inShort(JsonNode line) {
    return line.has("final")
        ? "final " + line.get("final").path("name").asString()
        : line.get("name").asString() + " " + line.get("stream") + " " + line.get("data");
  }

  private static List<JsonNode> lines(Path output) throws IOException {
    String text = Files.readString(output);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .map(line -> JsonMapper.shared().readTree(line))
        .toList();
  }

  private static List<JsonNode> events(Path output, String watch, String name) throws IOException {
    return lines(output).stream()
        .filter(line -> line.path("watch").asString("").equals(watch))
        .filter(line -> line.path("name").asString("").equals(name))
        .toList();
  }

  private int watchers(String stream) throws Exception {
    return send("GET", "/api/emitters?stream=" + stream, "").get("total").asInt();
  }

  private void publish(String stream, int data) throws Exception {
    send(
        "POST", "/api/streams/" + stream + "/events", "{\"event\":\"tick\",\"data\":" + data + "}");
  }

  private void report(String id, String report) throws Exception {
    send("POST", "/api/jobs/" + id + "/events", report);
  }

  private JsonNode send(String method, String path, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    if (path.startsWith("/api/jobs/")) {
      request.header("Authorization", "Bearer " + workerToken);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      String answer = http.send(request.build(), BodyHandlers.ofString()).body();
      return JsonMapper.shared().readTree(answer.isEmpty() ? "null" : answer);
    }
  }
}
