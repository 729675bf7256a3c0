package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.process.WaybillProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Reloads the page and kills the server in each step of a file that takes some time. */
class KilledStepsIT {

  /** Many small transactions make a job slow enough to be watched. */
  private static final String SMALL_CHUNKS = "--waybill.import.chunk-rows=8";

  private static final int ROWS = 8_000;

  private static final String STATUS_OF_NEWEST_JOB =
      "fetch('/api/jobs?limit=1').then(jobs => jobs.json()).then(jobs => jobs.items[0]?.status)";

  @TempDir private static Path folder;
  @AutoClose private static Chromium chromium;
  private static WaybillProcess server;

  @AutoClose private WaybillPage page;

  @RegisterExtension
  final AfterTestExecutionCallback showFailure =
      test -> {
        if (test.getExecutionException().isPresent()) {
          page.screenshot(Path.of("target", "browser", test.getDisplayName() + ".png"));
        }
      };

  @BeforeAll
  static void start() {
    server = WaybillProcess.start(folder.resolve("data"), SMALL_CHUNKS);
    chromium = Chromium.launch();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void openPage() {
    page = chromium.newPage(server.port());
    page.open("/");
  }

  @AfterEach
  void pageBehaved() {
    assertThat(page.complaints()).isEmpty();
  }

  @Test
  void loseNoCheckNoImportAndNoUndo() throws Exception {
    LongFile file = new LongFile("KIL", ROWS);
    int stored = ROWS - file.rejectedRows().length;
    String count = String.format(Locale.ENGLISH, "%,d", stored);
    page.drop(file.writeTo(folder.resolve("long.csv")));
    page.click("#look");
    page.awaitState("review");

    page.click("#review-check");
    reloadAndKillWhileItRuns("complete");
    assertThat(page.at("#headline")).hasText("Check complete");
    assertThat(page.count("created")).isEqualTo(stored);
    assertThat(page.statusOf("/api/products/KIL-000001")).isEqualTo(404);

    page.click("#import-checked");
    reloadAndKillWhileItRuns("complete");
    assertThat(page.at("#headline")).hasText("Import complete");
    assertThat(page.count("created")).isEqualTo(stored);
    assertThat(page.count("updated")).isZero();
    assertThat(page.statusOf("/api/products/KIL-000001")).isEqualTo(200);

    page.click("#undo");
    reloadAndKillWhileItRuns("foreseen");
    assertThat(page.at("#headline")).hasText("What an undo would do");
    assertThat(page.at("#message"))
        .hasText(count + " products would be removed from the catalogue.");
    assertThat(page.statusOf("/api/products/KIL-000001")).isEqualTo(200);

    page.click("#undo");
    reloadAndKillWhileItRuns("complete");
    assertThat(page.at("#headline")).hasText("Import undone");
    assertThat(page.at("#message")).hasText(count + " products were removed from the catalogue.");
    assertThat(page.statusOf("/api/products/KIL-000001")).isEqualTo(404);
  }

  /** The job has its second attempt then, and the page shows its end without being reloaded. */
  private void reloadAndKillWhileItRuns(String end) throws Exception {
    // The page is not asked whether the job runs, because a fast job could have ended by then.
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> "RUNNING".equals(page.evaluate(STATUS_OF_NEWEST_JOB)));
    try (HeldWrites _ = new HeldWrites(folder.resolve("data"))) {
      page.awaitState("running");
      page.reload();
      page.awaitState("running");
      server.kill();
    }
    page.awaitState("reconnecting");
    server = WaybillProcess.startAt(server.port(), folder.resolve("data"), SMALL_CHUNKS);
    page.awaitState(end);
  }
}
