package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts the examples with their one command, as a reader does, and uses the page of each. */
class ExamplesIT {

  private static final Path PICTURES = Path.of("target", "browser");

  @TempDir static Path folder;

  private static Process examples;
  private static Chromium chromium;
  private static int port;

  private final List<String> complaints = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    port = freePort();
    examples = run(port, folder.resolve("data"), folder.resolve("examples.log"));
    chromium = Chromium.launch();
    await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> Files.readString(folder.resolve("examples.log")).contains("All examples: http"));
  }

  /**
   * Starts the command with an older Java in JAVA_HOME. It must find a JDK 25 elsewhere, here on
   * the PATH.
   */
  private static Process run(int port, Path data, Path log, String... names) throws IOException {
    Path oldJava = Files.createDirectories(folder.resolve("java-17/bin"));
    for (String program : List.of("java", "javac")) {
      Path file = Files.writeString(oldJava.resolve(program), "#!/bin/sh\nexit 1\n");
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    Files.writeString(folder.resolve("java-17/release"), "JAVA_VERSION=\"17.0.9\"\n");
    List<String> command = new ArrayList<>(List.of("examples/run"));
    command.addAll(List.of(names));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME", folder.resolve("java-17").toString(),
                "PATH", System.getProperty("java.home") + "/bin:" + System.getenv("PATH"),
                "WAYBILL_PORT", String.valueOf(port),
                "BACKEND_PORT", String.valueOf(freePort()),
                "SHOP_PORT", String.valueOf(freePort()),
                "EXAMPLES_DATA", data.toString(),
                "STATION_MILLIS", "700",
                "SCAN_MILLIS", "100",
                // The second compiler would cost more time than it saves in these short lives.
                "JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1"));
    return builder.start();
  }

  @AfterAll
  static void stop() throws Exception {
    chromium.close();
    List<ProcessHandle> below = examples.descendants().toList();
    below.forEach(ProcessHandle::destroy);
    examples.destroy();
    await()
        .atMost(Duration.ofSeconds(180))
        .until(() -> below.stream().noneMatch(ProcessHandle::isAlive) && !examples.isAlive());
    assertThat(folder.resolve("data/kafka")).doesNotExist();
  }

  @AfterEach
  void noPageComplained() {
    assertThat(complaints).isEmpty();
  }

  @Test
  void theCommandEndsIfWaybillDoesNotStart() throws Exception {
    Path log = folder.resolve("second.log");
    // Two services must not use one data folder, so the second one stops at its start.
    Process second = run(freePort(), folder.resolve("data"), log, "clock");
    try {
      assertThat(second.waitFor(180, TimeUnit.SECONDS)).isTrue();
    } finally {
      second.descendants().forEach(ProcessHandle::destroy);
      second.destroy();
    }
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(log).content().contains("examples/run: Waybill has stopped.");
  }

  @Test
  void theGalleryLinksEachExample() {
    Page page = open("index.html");
    assertThat(page.locator(".gallery a")).hasCount(7);
    for (int i = 0; i < 7; i++) {
      page.locator(".gallery a").nth(i).click();
      assertThat(page.locator("h1")).hasCount(1);
      page.goBack();
    }
    picture(page, "gallery");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "notifications/"})
  void theAddressOfAFolderLeadsToItsPage(String path) {
    Page page = open(path);
    assertThat(page).hasURL(url(path + "index.html"));
    assertThat(page.locator("h1")).hasCount(1);
  }

  @Test
  void theClockTicks() {
    Page page = open("clock/index.html");
    assertThat(page.locator("#clock")).hasText(Pattern.compile("\\d\\d:\\d\\d:\\d\\d"));
    String first = page.locator("#clock").textContent();
    assertThat(page.locator("#clock")).not().hasText(first);
    assertThat(page.locator("#missed")).hasText("0");
    picture(page, "clock");
  }

  @Test
  void anOrderPopsUpForEachAdministrator() {
    Page first = open("notifications/admin.html");
    Page second = open("notifications/admin.html");
    for (Page administrator : List.of(first, second)) {
      assertThat(administrator.locator("#connection")).hasAttribute("data-state", "open");
    }
    Page customer = open("notifications/index.html");
    customer.locator("#article").fill("A <b>blue</b> mug");
    click(customer, "Place order");
    assertThat(customer.locator("#placed")).containsText("Administrators who see it: 2");
    for (Page administrator : List.of(first, second)) {
      assertThat(administrator.locator("#popup")).containsText("A <b>blue</b> mug");
      assertThat(administrator.locator("#popup")).isVisible();
    }
    picture(customer, "notifications");
    picture(first, "notifications-admin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stream", "callback"})
  void anAnswerIsTypedOutOverAReload(String mode) {
    Page page = open("typewriter/index.html");
    page.locator("#prompt").fill("Why \"numbers\"?");
    page.locator("#mode").selectOption(mode);
    click(page, "Write");
    assertThat(page.locator("#output")).containsText("You asked: Why \"numbers\"?");
    picture(page, "typewriter-" + mode);
    page.reload();
    assertThat(page.locator("#output")).containsText("You asked: Why \"numbers\"?");
    assertThat(page.locator("#state")).hasText("Done.");
    assertThat(page.locator("#output"))
        .hasText(
            Pattern.compile("^You asked.*the next word comes to all of them\\.$", Pattern.DOTALL));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stream", "callback"})
  void anAnswerCanBeStopped(String mode) {
    Page page = open("typewriter/index.html");
    page.locator("#mode").selectOption(mode);
    click(page, "Write");
    assertThat(page.locator("#output")).containsText("You asked:");
    click(page, "Stop");
    assertThat(page.locator("#state")).hasText("Stopped.");
    assertThat(page.locator("#output")).not().containsText("all of them.");
    assertThat(page.locator("#write")).isEnabled();
  }

  @Test
  void anOrderGoesThroughItsStations() {
    Page page = open("order/index.html");
    click(page, "Order a mug");
    assertThat(page.locator("[data-station=PLACED]")).hasClass(Pattern.compile("reached"));
    assertThat(page.locator("[data-station=PACKED]")).hasClass(Pattern.compile("reached"));
    picture(page, "order");
    page.reload();
    assertThat(page.locator("#state")).hasText("Delivered.");
    assertThat(page.locator("#stations .reached")).hasCount(5);
  }

  @Test
  void aShellScriptReportsItsProgress() throws Exception {
    Page page = open("progress-anywhere/index.html");
    assertThat(page.locator("#title")).hasText("Backup");
    assertThat(page.locator("#state")).hasText("Done.");

    ProcessBuilder backup = new ProcessBuilder("examples/progress-anywhere/backup");
    backup.environment().put("WAYBILL_URL", "http://localhost:" + port);
    Process process = backup.start();
    assertThat(page.locator("#percent")).hasText("50%");
    assertThat(page.locator("#message")).hasText("Saved table 5");
    picture(page, "progress-anywhere");
    assertThat(page.locator("#state")).hasText("Done.");
    assertThat(page.locator("#percent")).hasText("100%");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void anElementShowsJobsOfDifferentKinds() {
    Page page = open("embed/index.html");
    click(page, "Do ten steps");
    assertThat(page.locator("waybill-job .amount")).hasText("2 of 10 steps");
    assertThat(page.locator("waybill-job .message")).hasText("Step 2 is done");
    click(page, "Import a file");
    assertThat(page.locator("waybill-job .state").first()).hasText("Complete");
    assertThat(page.locator("waybill-job .end").first()).hasText("200,000 rows, 200 rejected");
    assertThat(page.locator("#ends")).containsText("products.csv: the event was “complete”.");
    picture(page, "embed");
    assertThat(page.locator("#ends")).containsText("Ten steps: the event was “complete”.");
    assertThat(page.locator("waybill-job .percent")).hasText(new String[] {"100%", "100%"});
  }

  @Test
  void theRecordsOfATopicContinueAfterAReloadAndAfterAnAbsence() {
    Page page = open("kafka-live/index.html");
    for (String depot : List.of("graz", "hamburg", "lyon", "milan")) {
      assertThat(page.locator("[data-depot=" + depot + "]"))
          .containsText(Pattern.compile("number \\d+, parcel WB-"));
    }
    awaitRecords(page, 12);
    picture(page, "kafka-live");

    page.reload();
    int records = records(page);
    assertThat(records).isGreaterThanOrEqualTo(12);
    awaitRecords(page, records + 1);

    page.navigate(url("index.html"));
    Page elsewhere = open("kafka-live/index.html");
    awaitRecords(elsewhere, 20);
    page.goBack();
    awaitRecords(page, records + 20);
    assertThat(page.locator("#gaps")).hasText("0");
    assertThat(page.locator("#connection")).hasAttribute("data-state", "open");
  }

  @Test
  void onlyThePagesAreServed() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (String file :
          List.of(
              "run",
              "waybill.yaml",
              "order/Shop.java",
              "kafka-live/waybill.yaml",
              "..%2fpom.xml")) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(file))).build();
        assertThat(http.send(request, BodyHandlers.discarding()).statusCode())
            .as(file)
            .isIn(400, 404);
      }
    }
  }

  private Page open(String path) {
    Page page = chromium.newPage(url(path));
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
    return page;
  }

  private static void awaitRecords(Page page, int atLeast) {
    page.waitForFunction(
        "least => Number(document.getElementById('records').textContent) >= least", atLeast);
  }

  private static int records(Page page) {
    return Integer.parseInt(page.locator("#records").textContent());
  }

  private static String url(String path) {
    return "http://localhost:" + port + "/examples/" + path;
  }

  private static void click(Page page, String button) {
    page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName(button)).click();
  }

  private static void picture(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(PICTURES.resolve("example-" + name + ".png")));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
