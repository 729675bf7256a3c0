package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.options.ColorScheme;
import dev.waybill.process.WaybillProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page shows while an import runs: its speed, the time left, and its end. */
class RunningImportIT {

  /** One transaction per row makes an import so slow that it runs until a cancel. */
  private static final String SLOW = "--waybill.import.chunk-rows=1";

  private static final int ROWS = 400_000;

  /** Feeds the estimate with one state of a job in each second, as {@code [rows, bytes]}. */
  private static final String ESTIMATE =
      """
      async (states) => {
        const { Pace } = await import('/js/pace.js');
        const pace = new Pace();
        states.forEach((bytes, second) => pace.take(second * 1000, bytes, bytes));
        return {
          left: JSON.stringify(pace.left(1000)),
          still: pace.stillSeconds((states.length - 1) * 1000),
        };
      }
      """;

  @TempDir private static Path folder;
  @AutoClose private static Chromium chromium;
  private static Path dataDir;
  private static WaybillProcess server;

  @AutoClose private WaybillPage page;

  @BeforeAll
  static void start() {
    dataDir = folder.resolve("data");
    server = WaybillProcess.start(dataDir, SLOW);
    chromium = Chromium.launch();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void openPage() {
    page = chromium.newPage(server.port());
  }

  @AfterEach
  void pageBehaved() {
    assertThat(page.complaints()).isEmpty();
  }

  @Test
  void theTimeLeftIsARangeAndAStandstillIsNamed() throws Exception {
    page.installClock();
    upload("PACE");
    assertThat(page.at("#eta")).hasText(Pattern.compile("(\\d+–|<\\s)\\d+\\s(s|min)"));
    assertThat(page.at("#rate")).hasText(Pattern.compile("[\\d,]+\\srows/s"));

    try (HeldWrites _ = new HeldWrites(dataDir)) {
      page.passTime(Duration.ofSeconds(15));
      assertThat(page.at("#rate")).hasText(Pattern.compile("no row for 1\\d\\ss"));
      assertThat(page.at("#eta")).hasText("–");
    }
    assertThat(page.at("#rate")).hasText(Pattern.compile("[\\d,]+\\srows/s"));
    page.click("#cancel");
    page.awaitState("cancelled");
    assertThat(page.at("#eta-caption")).hasText("Took");
  }

  @Test
  void aChartShowsTheRatesAndSurvivesAReload() throws Exception {
    upload("CHART");
    assertThat(page.at("#chart-summary"))
        .hasText(Pattern.compile("On average [\\d,]+, at most [\\d,]+, over \\d+\\ss"));
    assertThat(page.at("#chart canvas")).isVisible();
    assertThat(page.at("#chart")).hasAttribute("aria-hidden", "true");
    assertThat(page.accessibilityViolations()).isEmpty();
    page.screenshot(Path.of("target", "browser", "chart.png"));
    try (WaybillPage phone =
        chromium.newPage(
            server.port(), new NewContextOptions().setViewportSize(375, 800).setIsMobile(true))) {
      phone.open(page.url());
      assertThat(phone.at("#chart canvas")).isVisible();
      assertThat(phone.accessibilityViolations()).isEmpty();
      assertThat(phone.complaints()).isEmpty();
      phone.screenshot(Path.of("target", "browser", "chart-phone.png"));
    }

    page.reload();
    assertThat(page.at("#chart canvas")).isVisible();
    page.useColours(ColorScheme.DARK);
    assertThat(page.at("#chart canvas")).isVisible();
    page.click("#cancel");
    page.awaitState("cancelled");
    assertThat(page.at("#chart canvas")).hasCount(1);
    assertThat(page.accessibilityViolations()).isEmpty();
    page.screenshot(Path.of("target", "browser", "chart-dark.png"));

    page.click("#again");
    page.awaitState("idle");
    page.back();
    page.awaitState("cancelled");
    assertThat(page.at("#chart canvas")).isVisible();
  }

  @Test
  void aChartWhoseLibraryCouldNotBeLoadedComesLater() throws Exception {
    String library = "**/libraries/uplot/*.js*";
    page.open("/");
    page.drop(new LongFile("LATE", ROWS).writeTo(folder.resolve("LATE.csv")));
    page.breakCallsUntil(library, 2, () -> page.click("#upload"));
    assertThat(page.at("#chart canvas")).hasCount(0);
    page.mendCalls(library);

    assertThat(page.at("#chart canvas")).isVisible();
    assertThat(page.at("link[href*=uplot]")).hasCount(1);
    assertThat(page.accessibilityViolations()).isEmpty();
    page.click("#cancel");
    page.awaitState("cancelled");
  }

  @Test
  void aRunningDryRunIsCalledACheck() throws Exception {
    page.open("/");
    page.drop(new LongFile("CHECK", ROWS).writeTo(folder.resolve("CHECK.csv")));
    page.at("#dry-run").check();
    page.click("#upload");
    page.awaitState("running");
    assertThat(page.at("#message")).containsText("The check continues");
    assertThat(page.at("#cancel")).hasText("Cancel the check");
    page.click("#cancel");
    page.awaitState("cancelled");
  }

  @Test
  void aHiddenPageNotifiesOfTheEndIfTheUserWantsIt() throws Exception {
    page.replaceNotifications("default", "granted");
    upload("NOTIFY");
    assertThat(page.at("#notify")).hasAttribute("aria-pressed", "false");
    assertThat(page.evaluate("asked")).isEqualTo(0);
    page.click("#notify");
    assertThat(page.at("#notify")).hasAttribute("aria-pressed", "true");
    assertThat(page.evaluate("asked")).isEqualTo(1);
    assertThat(page.accessibilityViolations()).isEmpty();

    page.setHidden(true);
    String id = page.text("#transaction-id");
    page.cancel(id);
    page.awaitState("cancelled");
    assertThat(
            page.evaluate("notified.map(({ title, body, tag }) => `${title} | ${body} | ${tag}`)"))
        .asInstanceOf(InstanceOfAssertFactories.list(String.class))
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("Import cancelled | NOTIFY.csv: ")
        .endsWith("stays stored. | " + id);
    assertThat((String) page.evaluate("document.title")).startsWith("Cancelled · NOTIFY.csv");
    assertThat(page.at("#notify")).isHidden();

    // The end of a job that had ended before is not news.
    page.reload();
    page.awaitState("cancelled");
    assertThat((List<?>) page.evaluate("notified")).isEmpty();
  }

  @Test
  void aBrowserThatAllowsNoNotificationsIsNotAskedAgain() throws Exception {
    page.replaceNotifications("default", "denied");
    upload("DENIED");
    page.click("#notify");
    assertThat(page.at("#notify")).isHidden();
    assertThat(page.at("#action-note")).containsText("does not allow notifications");
    page.click("#cancel");
    page.awaitState("cancelled");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [0, 100, 200]                     | null                    | too short
          [0, 100, 200, 300]                | {"low":10,"high":10}    | steady
          [0, 100, 200, 250]                | {"low":10,"high":20}    | from the fastest to the slowest
          [0, 100, 200, 200]                | {"low":10,"high":null}  | it has stood still
          [5, 5, 5, 5]                      | null                    | it has not moved at all
          """)
  void theTimeLeftComesFromTheFastestAndTheSlowestSeconds(String states, String left, String why) {
    assertThat(estimate(states)).as(why).contains("left=" + left);
  }

  @Test
  void burstsOfCommitsAreNoStandstill() {
    // Each third second has a commit of 300, and the estimate looks at spans of some seconds.
    String states = "[...Array(30).keys()].map((second) => 300 * Math.floor(second / 3))";
    assertThat(estimate(states)).containsPattern("left=\\{\"low\":[5-9](\\.\\d+)?,\"high\":1\\d");
  }

  @Test
  void aStandstillCountsFromTheLastMovementAndIsNotNamedAtOnce() {
    assertThat(estimate("[0, 1, ...Array(9).fill(2)]")).contains("still=null");
    assertThat(estimate("[0, 1, ...Array(41).fill(2)]")).contains("still=40");
  }

  @ParameterizedTest
  @CsvSource({
    "0.2, 0.9, < 1 s",
    "12.9, 19.1, 12–20 s",
    "12.1, 12.9, 12–13 s",
    "40.2, 51, 40–55 s",
    "55, 103, < 2 min",
    "61, 350, 1–6 min",
    "3600, 9000, 1–3 h",
    "7.0, 7.0, 7 s"
  })
  void aRangeIsRoundedOutwards(double low, double high, String shown) {
    page.open("/");
    Object range =
        page.evaluate(
            "async () => (await import('/js/format.js')).range(%s, %s)".formatted(low, high));
    assertThat((String) range).contains("\u00a0");
    assertThat(((String) range).replace('\u00a0', ' ')).isEqualTo(shown);
  }

  private void upload(String prefix) throws Exception {
    page.open("/");
    page.drop(new LongFile(prefix, ROWS).writeTo(folder.resolve(prefix + ".csv")));
    page.click("#upload");
    page.awaitState("running");
  }

  private String estimate(String states) {
    page.open("/");
    return String.valueOf(page.evaluate("() => (" + ESTIMATE + ")(" + states + ")"));
  }
}
