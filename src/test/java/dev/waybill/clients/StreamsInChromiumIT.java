package dev.waybill.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import dev.waybill.browser.Chromium;
import dev.waybill.contract.Shows;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a browser handles a stream that a POST opens, and named streams with many watchers. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class StreamsInChromiumIT {

  private static final String BODY = "{\"kind\":\"typewriter\",\"title\":\"A letter\"}";

  private static final String POST =
      """
      async ([key, body]) => {
        const { fetchEventSource } = await import('/modules/@microsoft/fetch-event-source/index');
        window.events = [];
        window.ended = false;
        fetchEventSource('/api/jobs', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, 'X-Page': 'test' },
          body,
          onmessage: ({ event, data }) => {
            if (event !== '') window.events.push(event + ' ' + (JSON.parse(data).text ?? ''));
          },
          onclose: () => { window.ended = true; },
          onerror: () => 100,
        });
      }
      """;

  private static final String WATCH =
      """
      path => {
        const source = new EventSource(path);
        window.events = [];
        source.addEventListener('tick', ({ data }) => window.events.push(data));
        source.addEventListener('waybill.open', () => window.events.push('open'));
      }
      """;

  @TempDir static Path folder;

  private static Chromium chromium;

  @LocalServerPort int port;
  @Autowired JdbcClient database;

  /** The first step of a pod that stops: it ends its streams. */
  @Autowired
  @Qualifier("endStreams")
  SmartLifecycle endStreams;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> posts = new ArrayList<>();
  private Line line;
  private Page page;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> folder);
  }

  @BeforeAll
  static void prepare() throws Exception {
    ClientsIT.fetchPackages();
    chromium = Chromium.launch();
  }

  @AfterAll
  static void close() {
    chromium.close();
  }

  @BeforeEach
  void openPage() throws IOException {
    line = new Line(port);
    page = chromium.newPage("http://localhost:" + line.port() + "/");
    page.route("**/modules/**", ChromiumWatch::serve);
    page.onRequest(this::remember);
  }

  private void remember(Request request) {
    if (request.method().equals("POST") && request.url().endsWith("/api/jobs")) {
      posts.add(request.headers().getOrDefault("last-event-id", "-"));
    }
  }

  @AfterEach
  void closePage() throws IOException {
    page.close();
    line.close();
    http.shutdownNow();
  }

  @Test
  @Shows("external.stream-browser")
  void fetchEventSourceOpensByPostAndSeesEveryChunkOnceThroughEveryLoss() throws Exception {
    String key = UUID.randomUUID().toString();
    page.evaluate(POST, List.of(key, BODY));
    awaitEvents("snapshot ");
    JsonNode job =
        JsonMapper.shared().readTree(post("/api/jobs", BODY, "Idempotency-Key", key).body());

    report(job, 0, 1);
    awaitEvents("snapshot ", "snapshot ", "chunk 0", "chunk 1");

    line.cut();
    report(job, 2, 3);
    awaitLast("chunk 3");

    // The server ends the stream early, as during a deploy.
    endStreams.stop();
    endStreams.start();
    report(job, 4, 5);
    awaitLast("chunk 5");

    setHidden(true);
    report(job, 6, 7);
    setHidden(false);
    awaitLast("chunk 7");
    report(job, "{\"event\":\"complete\",\"sequence\":9}");
    awaitLast("complete ");
    await().pollInSameThread().until(() -> (boolean) page.evaluate("window.ended"));

    assertThat(events().stream().filter(event -> event.startsWith("chunk")))
        .containsExactlyElementsOf(IntStream.range(0, 8).mapToObj(i -> "chunk " + i).toList());
    assertThat(posts).hasSizeGreaterThanOrEqualTo(4).startsWith("-").contains("1-3", "1-5", "1-7");
    assertThat(database.sql("SELECT count(*) FROM job").query(Long.class).single()).isEqualTo(1);
  }

  @Test
  @Shows("streams.browser")
  void eventSourceResumesAnAudienceAndSeveralOnOneConnection() throws Exception {
    String a = "a-" + UUID.randomUUID();
    String b = "b-" + UUID.randomUUID();
    Page several = chromium.newPage("http://localhost:" + line.port() + "/");
    several.evaluate(WATCH, "/api/events?stream=" + a + "&stream=" + b);
    page.evaluate(WATCH, "/api/streams/" + a + "/events");
    await()
        .pollInSameThread()
        .until(() -> events(page).equals(List.of("open")) && events(several).contains("open"));
    publish(a, 1);
    publish(b, 1);
    await().pollInSameThread().until(() -> events(page).size() == 2 && events(several).size() == 3);

    line.cut();
    publish(a, 2);
    publish(b, 2);

    await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(20))
        .until(() -> ticks(page).size() >= 2 && ticks(several).size() >= 4);
    assertThat(ticks(page)).containsExactly("1", "2");
    assertThat(ticks(several))
        .containsExactlyInAnyOrder(tick(a, 1), tick(b, 1), tick(a, 2), tick(b, 2));
    several.close();
  }

  private static String tick(String stream, int number) {
    return "{\"stream\":\"%s\",\"data\":%d}".formatted(stream, number);
  }

  private void publish(String stream, int number) throws Exception {
    String event = "{\"event\":\"tick\",\"data\":%d}".formatted(number);
    assertThat(post("/api/streams/" + stream + "/events", event).statusCode()).isEqualTo(200);
  }

  private void report(JsonNode job, int... chunks) throws Exception {
    for (int chunk : chunks) {
      report(
          job, "{\"event\":\"chunk\",\"text\":\"%d\",\"sequence\":%d}".formatted(chunk, chunk + 1));
    }
  }

  private void report(JsonNode job, String report) throws Exception {
    String path = "/api/jobs/" + job.get("transactionId").asString() + "/events";
    String token = "Bearer " + job.get("workerToken").asString();
    assertThat(post(path, report, "Authorization", token).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The events that a page of the browser has received, and its requests. */
  private void setHidden(boolean hidden) {
    page.evaluate(
        """
        hidden => {
          Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """,
        hidden);
  }

  private void awaitEvents(String... expected) {
    await().pollInSameThread().until(() -> events().equals(List.of(expected)));
  }

  private void awaitLast(String expected) {
    await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(20))
        .until(() -> events().getLast().equals(expected));
  }

  private List<String> events() {
    return events(page);
  }

  private static List<String> ticks(Page page) {
    return events(page).stream().filter(event -> !event.equals("open")).toList();
  }

  @SuppressWarnings("unchecked") // The scripts above return an array of strings.
  private static List<String> events(Page page) {
    return (List<String>) page.evaluate("window.events");
  }
}
