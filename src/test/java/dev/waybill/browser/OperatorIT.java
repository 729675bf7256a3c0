package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.options.ColorScheme;
import dev.waybill.process.WaybillProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The view in which an operator sees and closes streams and connections. */
class OperatorIT {

  private static final String KEY = "a-bootstrap-key-of-thirty-two-characters-or-more";

  private static final String WATCH =
      """
      async () => {
        const { watchStream } = await import('/clients/waybill.js');
        window.ended = watchStream('orders-1').ended;
      }
      """;

  @TempDir private Path folder;

  @Test
  void anOperatorSeesAndClosesStreamsAndConnections() throws Exception {
    try (WaybillProcess server = WaybillProcess.start(folder.resolve("data"));
        Chromium chromium = Chromium.launch();
        WaybillPage page = chromium.newPage(server.port())) {
      for (int i = 0; i < 55; i++) {
        post(server, "/api/streams/orders-" + i + "/events", "{\"data\":1}", "");
      }
      page.open("/");
      WaybillPage watcher = page.newTab();
      watcher.open("/");
      watcher.evaluate(WATCH);
      page.click("#to-operator");
      page.awaitState("operator");

      assertThat(page.at("#streams tr")).hasCount(50);
      page.click("#more-streams");
      assertThat(page.at("#streams tr")).hasCount(55);
      assertThat(page.at("#more-streams")).isHidden();
      page.at("#streams-search").fill("orders-1");
      assertThat(page.at("#streams tr")).hasCount(11);
      assertThat(page.at("#streams [data-key='orders-1'] [data-label=Watchers]")).hasText("1");
      assertThat(page.at("#operator-emitters")).hasText("1");
      assertThat(page.at("#emitters tr")).containsText("orders-1");
      assertThat(page.at("#emitters tr")).containsText("Server-sent events");
      assertThat(page.accessibilityViolations()).isEmpty();
      page.screenshot(Path.of("target", "browser", "operator.png"));
      try (WaybillPage phone =
          chromium.newPage(
              server.port(),
              new NewContextOptions()
                  .setViewportSize(375, 800)
                  .setIsMobile(true)
                  .setColorScheme(ColorScheme.DARK))) {
        phone.open("/?operator");
        assertThat(phone.at("#emitters tr")).hasCount(1);
        assertThat(phone.accessibilityViolations()).isEmpty();
        phone.screenshot(Path.of("target", "browser", "operator-phone.png"));
      }

      // By keyboard, and only the second press closes.
      page.at("#emitters button").focus();
      page.press("Enter");
      assertThat(page.at("#emitters button")).hasText("Really close");
      page.press("Enter");
      assertThat(page.at("#emitters tr")).hasCount(0);
      assertThat(watcher.evaluate("ended.then((event) => event.name)")).isEqualTo("waybill.closed");

      page.click("#streams [data-key='orders-1'] button");
      page.click("#streams [data-key='orders-1'] button");
      assertThat(page.at("#streams [data-key='orders-1']")).containsText("closed");
      assertThat(page.at("#streams [data-key='orders-1'] button")).hasCount(0);
      assertThat(page.complaints()).isEmpty();
    }
  }

  @Test
  void aClosedConnectionLeavesALongListToo() throws Exception {
    try (WaybillProcess server = WaybillProcess.start(folder.resolve("data"));
        Chromium chromium = Chromium.launch();
        WaybillPage page = chromium.newPage(server.port())) {
      for (int i = 100; i < 310; i++) {
        post(server, "/api/streams/orders-" + i + "/events", "{\"data\":1}", "");
      }
      page.open("/?operator");
      for (int shown = 50; shown < 210; shown += 50) {
        assertThat(page.at("#streams tr")).hasCount(shown);
        page.click("#more-streams");
      }
      assertThat(page.at("#streams tr")).hasCount(210);

      page.click("#streams [data-key='orders-309'] button");
      page.click("#streams [data-key='orders-309'] button");

      assertThat(page.at("#streams [data-key='orders-309']")).containsText("closed");
      assertThat(page.at("#streams tr")).hasCount(210);
    }
  }

  @Test
  void onlyAnAdministratorIsOfferedTheView() throws Exception {
    try (WaybillProcess server =
            WaybillProcess.start(folder.resolve("data"), "--waybill.access.bootstrap-key=" + KEY);
        Chromium chromium = Chromium.launch();
        WaybillPage page = chromium.newPage(server.port())) {
      String answer =
          post(server, "/api/keys", "{\"name\":\"clerk\",\"scopes\":[\"upload\"]}", KEY);
      String clerk = JsonMapper.shared().readTree(answer).get("key").asString();

      page.open("/?history");
      signIn(page, clerk);
      assertThat(page.at("#history-shown")).hasText("No entries yet.");
      await().until(() -> "no".equals(page.evaluate("sessionStorage['waybill.operator']")));
      assertThat(page.at("#to-operator")).isHidden();
      page.click("#sign-out");
      page.awaitState("idle");

      page.open("/?history");
      signIn(page, KEY);
      assertThat(page.at("#to-operator")).isVisible();
      page.click("#sign-out");
      page.awaitState("idle");
      assertThat(page.at("#to-operator")).isHidden();
    }
  }

  private static void signIn(WaybillPage page, String key) {
    page.at("#sign-in-key").fill(key);
    page.click("#sign-in button");
    assertThat(page.at("#sign-out")).isVisible();
  }

  private static String post(WaybillProcess server, String path, String body, String key)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
      return answer.body();
    }
  }
}
