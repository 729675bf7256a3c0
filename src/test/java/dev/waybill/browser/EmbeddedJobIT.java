package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The element of {@code clients/waybill-job.js} in a page of another site. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class EmbeddedJobIT {

  private static final String KEY = "a-bootstrap-key-of-thirty-two-characters-or-more";

  private static final String SHOP_PAGE =
      """
      <!doctype html>
      <html lang="%s">
      <head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Shop</title>
        <script>
          window.ends = [];
          addEventListener('waybill-end', ({ target, detail }) =>
            ends.push(`${target.id} ${detail.name} ${detail.job.status}`));
          addEventListener('waybill-refused', ({ detail }) => ends.push(`refused ${detail.status}`));
        </script>
      </head>
      <body><main><h1>Shop</h1>%s</main></body>
      </html>
      """;

  /** The lines of {@code docs/clients.md} that show the element. */
  private static final Pattern LINES =
      Pattern.compile("<!-- element.html -->\n```html\n([^`]+)```");

  @TempDir static Path folder;

  private static HttpServer shop;
  private static String shopPage = "";
  private static String shopPolicy = "";
  private static Chromium chromium;

  @LocalServerPort int port;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> complaints = new ArrayList<>();
  private Page page;
  private String id;
  private String workerToken;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) throws IOException {
    shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    shop.createContext(
        "/",
        exchange -> {
          byte[] body = shopPage.getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
          exchange.getResponseHeaders().set("Content-Security-Policy", shopPolicy);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    shop.start();
    registry.add("waybill.data-dir", () -> folder);
    registry.add("waybill.access.bootstrap-key", () -> KEY);
    // Only a failed write shows that a client has left.
    registry.add("waybill.stream.heartbeat", () -> "1s");
    registry.add("waybill.cors.allowed-origins", EmbeddedJobIT::shopOrigin);
  }

  @BeforeAll
  static void launch() {
    chromium = Chromium.launch();
  }

  @AfterAll
  static void close() {
    chromium.close();
    shop.stop(0);
  }

  @AfterEach
  void pageBehaved() {
    page.close();
    shopPolicy = "";
    http.shutdownNow();
    assertThat(complaints).isEmpty();
  }

  @Test
  void showsAJobInAPageOfAnotherSiteUntilItsEnd() throws Exception {
    create("\"title\":\"A letter to Ada\",\"total\":4,\"unit\":\"pages\"");
    open("en", element(id, watchToken()));
    assertThat(part("title")).hasText("A letter to Ada");
    assertThat(part("state")).hasText("Queued");

    report("{\"event\":\"progress\",\"done\":1,\"message\":\"Thinking\"}");
    assertThat(part("state")).hasText("Running");
    assertThat(part("percent")).hasText("25.0%");
    assertThat(part("amount")).hasText("1 of 4 pages");
    assertThat(part("message")).hasText("Thinking");
    assertThat(bar()).hasAttribute("aria-valuenow", "25");
    assertThat(bar()).hasAttribute("aria-valuetext", "25.0%");
    assertThat(bar()).hasAccessibleName("A letter to Ada");
    assertThat(WaybillPage.accessibilityViolations(page)).isEmpty();
    picture("embedded-running");
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    assertThat(WaybillPage.accessibilityViolations(page)).isEmpty();
    picture("embedded-running-dark");

    report("{\"event\":\"complete\"}");
    assertThat(part("state")).hasText("Complete");
    assertThat(part("percent")).hasText("100%");
    assertThat(part("end")).hasText("1 of 4 pages");
    assertThat(ends()).containsExactly(id + " complete COMPLETED");
    assertThat(WaybillPage.accessibilityViolations(page)).isEmpty();

    page.reload();
    assertThat(part("state")).hasText("Complete");
    assertThat(ends()).containsExactly(id + " complete COMPLETED");
  }

  @Test
  void showsImportsAndFailuresAndJobsWithoutATotal() throws Exception {
    String imported = upload("sku,name\nEMB-1,Mug\n,Cup\n");
    open("en", element(imported, KEY));
    assertThat(part("title")).hasText("mugs.csv");
    assertThat(part("state")).hasText("Complete");
    assertThat(part("end")).hasText("2 rows, 1 rejected");

    create("\"title\":\"Without paper\"");
    setAttribute("id", id);
    assertThat(part("title")).hasText("Without paper");
    report("{\"event\":\"progress\",\"done\":7}");
    assertThat(part("amount")).hasText("7");
    assertThat(bar()).not().hasAttribute("aria-valuenow", "0");
    assertThat(bar()).hasAttribute("aria-valuetext", "Running");
    picture("embedded-open");
    report("{\"event\":\"error\",\"code\":\"no-paper\",\"detail\":\"Out of paper\"}");
    assertThat(part("state")).hasText("Failed");
    assertThat(part("end")).hasText("Out of paper");
    assertThat(ends()).containsExactly(imported + " complete COMPLETED", id + " error FAILED");
  }

  private String upload(String csv) throws Exception {
    return json(send(
            request("/api/upload/csv?fileName=mugs.csv", KEY)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv))))
        .get("transactionId")
        .asString();
  }

  @Test
  void worksInAPageThatRequiresTrustedTypes() throws Exception {
    shopPolicy = "require-trusted-types-for 'script'";
    create("\"title\":\"Strict\",\"total\":2");
    report("{\"event\":\"progress\",\"done\":1,\"message\":\"Thinking\"}");

    open("en", element(id, KEY));

    assertThat(part("title")).hasText("Strict");
    assertThat(part("percent")).hasText("50.0%");
    assertThat(part("message")).hasText("Thinking");
  }

  @Test
  void saysThatAnUndoWasUndone() throws Exception {
    String imported = upload("sku,name\nREDO-1,Mug\nREDO-2,Cup\n");
    open("en", element(imported, KEY));
    assertThat(part("state")).hasText("Complete");

    String undo = undo(imported);
    setAttribute("id", undo);
    assertThat(part("title")).hasText("Undo: mugs.csv");
    assertThat(part("end")).hasText("2 products taken back");

    setAttribute("id", undo(undo));
    assertThat(part("title")).hasText("Redo: mugs.csv");
    assertThat(part("end")).hasText("2 products in force again");
  }

  private String undo(String job) throws Exception {
    return json(post("/api/jobs/" + job + "/undo", KEY, "")).get("transactionId").asString();
  }

  @Test
  void reconnectsAndClosesItsStreamOnlyWhenItIsRemoved() throws Exception {
    create("\"title\":\"Moved\",\"total\":2");
    page = chromium.newPage("about:blank");
    page.route("**/events", route -> route.abort());
    show("en", element(id, KEY));
    assertThat(part("state")).hasText("Reconnecting");
    page.unroute("**/events");
    assertThat(part("state")).hasText("Queued");

    page.evaluate("document.body.append(document.querySelector('waybill-job'))");
    report("{\"event\":\"progress\",\"done\":1}");
    assertThat(part("percent")).hasText("50.0%");
    await().until(() -> watchers() == 1);
    page.evaluate("document.querySelector('waybill-job').remove()");
    await().until(() -> watchers() == 0);
    assertThat(ends()).isEmpty();
  }

  @Test
  void saysThatAccessIsMissingAndGoesOnWithANewToken() throws Exception {
    create("\"title\":\"Secret\",\"total\":2");
    open("en", element(id, "wbt_wrong"));
    assertThat(part("state")).hasText("No access");
    assertThat(ends()).containsExactly("refused 401");

    setAttribute("token", watchToken());
    assertThat(part("state")).hasText("Queued");
    assertThat(part("title")).hasText("Secret");

    setAttribute("token", KEY);
    setAttribute("id", "0".repeat(32));
    assertThat(part("state")).hasText("Unknown job");
    assertThat(part("title")).hasText("Job");
    assertThat(WaybillPage.accessibilityViolations(page)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "de-AT, Läuft, '50,0 %', '1 von 2 Seiten'",
    "fr, En cours, '50,0 %', '1 sur 2 Seiten'",
    "zh-CN, 进行中, 50.0%, '1 / 2 Seiten'",
    "nl, Running, 50.0%, '1 of 2 Seiten'"
  })
  void speaksTheLanguageOfThePage(String language, String state, String percent, String amount)
      throws Exception {
    create("\"title\":\"Brief\",\"total\":2,\"unit\":\"Seiten\"");
    report("{\"event\":\"progress\",\"done\":1}");
    open(language, element(id, KEY));
    assertThat(part("state")).hasText(state);
    // Languages separate the sign by different spaces.
    assertThat(part("percent").textContent().replaceAll("[\\u00a0\\u202f]", " "))
        .isEqualTo(percent);
    assertThat(part("amount")).hasText(amount);
  }

  private static String shopOrigin() {
    return "http://localhost:" + shop.getAddress().getPort();
  }

  private String element(String id, String token) throws IOException {
    Matcher lines = LINES.matcher(Files.readString(Path.of("docs/clients.md")));
    assertThat(lines.find()).isTrue();
    return lines
        .group(1)
        .replace("https://waybill.example", "http://127.0.0.1:" + port)
        .replace("\"ID\"", '"' + id + '"')
        .replace("\"TOKEN\"", '"' + token + '"');
  }

  private void open(String language, String elements) {
    page = chromium.newPage("about:blank");
    show(language, elements);
  }

  private void show(String language, String elements) {
    page.onPageError(complaints::add);
    shopPage = SHOP_PAGE.formatted(language, elements);
    page.navigate(shopOrigin());
  }

  private Locator part(String name) {
    return page.locator("waybill-job ." + name);
  }

  private Locator bar() {
    return page.locator("waybill-job [role=progressbar]");
  }

  private void setAttribute(String name, String value) {
    page.locator("waybill-job")
        .evaluate("(job, [name, value]) => job.setAttribute(name, value)", List.of(name, value));
  }

  private List<String> ends() {
    List<?> ends = (List<?>) page.evaluate("ends");
    return ends.stream().map(String.class::cast).toList();
  }

  private void picture(String name) {
    page.setViewportSize(420, 240);
    page.screenshot(
        new Page.ScreenshotOptions().setPath(Path.of("target", "browser", name + ".png")));
  }

  private void create(String fields) throws Exception {
    JsonNode job = json(post("/api/jobs", KEY, "{\"kind\":\"typewriter\"," + fields + "}"));
    id = job.get("transactionId").asString();
    workerToken = job.get("workerToken").asString();
  }

  private String watchToken() throws Exception {
    return json(post("/api/tokens", KEY, "{\"watch\":[\"job:" + id + "\"]}"))
        .get("token")
        .asString();
  }

  private void report(String report) throws Exception {
    post("/api/jobs/" + id + "/events", workerToken, report);
  }

  private int watchers() throws Exception {
    return json(send(request("/api/emitters?stream=job:" + id, KEY).GET())).get("total").asInt();
  }

  private String post(String path, String token, String body) throws Exception {
    return send(
        request(path, token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path, String token) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("Authorization", "Bearer " + token);
  }

  private String send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
    return answer.body();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
