package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.contract.Shows;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page shows a job whose work another program does. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class JobOfOthersIT {

  @TempDir static Path folder;

  private static Chromium chromium;

  @LocalServerPort int port;
  private final HttpClient http = HttpClient.newHttpClient();
  private WaybillPage page;
  private String id;
  private String token;

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("waybill.data-dir", () -> folder);
  }

  @BeforeAll
  static void launch() {
    chromium = Chromium.launch();
  }

  @AfterAll
  static void close() {
    chromium.close();
  }

  @BeforeEach
  void openPage() {
    page = chromium.newPage(port);
  }

  @AfterEach
  void pageBehaved() {
    try {
      assertThat(page.complaints()).isEmpty();
    } finally {
      page.screenshot(Path.of("target", "browser", "job-of-others.png"));
      page.close();
      http.shutdownNow();
    }
  }

  @Test
  @Shows("external.page")
  void showsTitleProgressMessageAndOutput() throws Exception {
    create("\"title\":\"A letter to Ada\",\"total\":4,\"unit\":\"pages\"");
    page.open("/?job=" + id);
    page.awaitState("queued");
    assertThat(page.at("#headline")).hasText("A letter to Ada");

    report("{\"event\":\"progress\",\"done\":1,\"message\":\"Thinking\"}");
    report("{\"event\":\"chunk\",\"text\":\"Dear Ada,\\n\"}");
    page.awaitState("running");
    assertThat(page.at("#external-percent")).hasText("25.0%");
    assertThat(page.at("#external-done")).hasText("1 of 4 pages");
    assertThat(page.at("#external-message")).hasText("Thinking");
    assertThat(page.at("#output")).hasText("Dear Ada,");

    // A second tab and a reloaded tab show the earlier text, and later text only once.
    WaybillPage second = page.newTab();
    second.open("/?job=" + id);
    assertThat(second.at("#output")).hasText("Dear Ada,");
    page.reload();
    assertThat(page.at("#output")).hasText("Dear Ada,");
    report("{\"event\":\"chunk\",\"text\":\"<b>thank you</b>.\"}");
    assertThat(page.at("#output")).hasText("Dear Ada, <b>thank you</b>.");
    assertThat(second.at("#output")).hasText("Dear Ada, <b>thank you</b>.");
    assertThat(page.at("#import-part")).isHidden();
    assertThat(page.at("#steps")).isHidden();
    page.screenshot(Path.of("target", "browser", "job-of-others-running.png"));

    report("{\"event\":\"complete\"}");
    page.awaitState("complete");
    second.awaitState("complete");
    assertThat(page.at("#output")).hasText("Dear Ada, <b>thank you</b>.");
    assertThat(page.at("#cancel")).isHidden();
    // The final event does not contain the output, so the page requests it.
    page.reload();
    page.awaitState("complete");
    assertThat(page.at("#output")).hasText("Dear Ada, <b>thank you</b>.");
    page.click("#again");
    assertThat(page.at("#recent-jobs a").first()).hasText("A letter to Ada");
    second.closeTab();
  }

  @Test
  void cancelsAJobAndShowsWhyOneFailed() throws Exception {
    create("\"title\":\"A long one\"");
    page.open("/?job=" + id);
    report("{\"event\":\"progress\",\"done\":7}");
    page.awaitState("running");
    assertThat(page.at("#external-bar-row")).isHidden();
    assertThat(page.at("#external-done")).hasText("7");
    page.click("#cancel");
    page.awaitState("cancelling");
    report("{\"event\":\"cancelled\"}");
    page.awaitState("cancelled");

    create("\"title\":\"Without paper\"");
    page.open("/?job=" + id);
    page.awaitState("queued");
    report("{\"event\":\"error\",\"code\":\"no-paper\",\"detail\":\"Out of paper\"}");
    page.awaitState("failed");
    assertThat(page.at("#problem-detail")).hasText("Out of paper");
  }

  private void create(String fields) throws Exception {
    JsonNode job =
        JsonMapper.shared().readTree(post("/api/jobs", "{\"kind\":\"typewriter\"," + fields + "}"));
    id = job.get("transactionId").asString();
    token = job.get("workerToken").asString();
  }

  private void report(String report) throws Exception {
    post("/api/jobs/" + id + "/events", report);
  }

  private String post(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
    return answer.body();
  }
}
