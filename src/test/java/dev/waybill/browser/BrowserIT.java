package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import dev.waybill.contract.Shows;
import dev.waybill.process.WaybillProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, with the packaged service. */
class BrowserIT {

  /** Many small transactions make an import slow enough to be watched. */
  private static final String SMALL_CHUNKS = "--waybill.import.chunk-rows=8";

  private static final int ROWS = 64_000;

  private static final String NEWEST_SKU = "#products tr:first-child .sku";

  private static final byte[] PNG = {
    (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, '\r', 'I', 'H', 'D', 'R'
  };

  @TempDir private static Path folder;
  @AutoClose private static Chromium chromium;
  private static Path dataDir;
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
    dataDir = folder.resolve("data");
    server = WaybillProcess.start(dataDir, SMALL_CHUNKS);
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
  @Shows("call.page")
  void servesAllOfThePageAndHasItRevalidated() throws Exception {
    Response index = page.open("/");

    assertThat(index.headers())
        .containsEntry("cache-control", "no-cache")
        .doesNotContainKey("last-modified")
        .hasEntrySatisfying(
            "content-security-policy", policy -> assertThat(policy).contains("default-src 'self'"));
    page.awaitState("idle");
    assertThat(page.at("#upload")).isDisabled();
    assertThat(page.accessibilityViolations()).isEmpty();
  }

  @Test
  void followsADroppedFileThroughReloadAndCrash() throws Exception {
    LongFile file = new LongFile("WAY", ROWS);
    int[] rejected = file.rejectedRows();
    page.open("/");
    page.drop(file.writeTo(folder.resolve("autumn.csv")));
    assertThat(page.at("#chosen")).containsText("autumn.csv");
    page.click("#upload");

    page.awaitState("running");
    assertThat(page.url()).isEqualTo("/?job=" + page.text("#transaction-id"));
    page.awaitRows(ROWS / 20);
    String newest = page.text(NEWEST_SKU);
    String percent;
    try (HeldWrites _ = new HeldWrites(dataDir)) {
      percent = page.text("#percent");
      int rows = page.count("rows");
      List<Integer> rejectedRows = page.rejectedRows();
      String address = page.url();

      page.reload();
      page.awaitState("running");
      assertThat(page.url()).isEqualTo(address);
      assertThat(page.count("rows")).isGreaterThanOrEqualTo(rows);
      page.awaitRejectedRow(rejectedRows.getLast());
      assertThat(page.rejectedRows()).containsAll(rejectedRows);
    }
    assertThat(page.at(NEWEST_SKU)).not().hasText(newest);
    assertThat(page.at("#percent")).not().hasText(percent);

    server.kill();
    page.awaitState("reconnecting");
    assertThat(page.accessibilityViolations()).isEmpty();
    server = WaybillProcess.startAt(server.port(), dataDir, SMALL_CHUNKS);
    try (HeldWrites _ = new HeldWrites(dataDir)) {
      page.awaitState("running");
    }
    page.awaitState("complete");

    assertThat(page.shownStates())
        .containsSubsequence("running", "reconnecting", "running", "complete");
    assertThat(page.shownMessages()).anyMatch(message -> message.contains("attempt 2"));
    assertThat(page.shownRows()).isSorted().endsWith(ROWS);
    assertThat(page.text("#percent")).isEqualTo("100%");
    assertThat(page.count("created")).isEqualTo(ROWS - rejected.length);
    assertThat(page.count("updated")).isZero();
    assertThat(page.count("unchanged")).isZero();
    assertThat(page.count("rejected")).isEqualTo(rejected.length);

    assertThat(page.at("#rejections tr").nth(0)).containsText("“cheap” is not a price");
    assertThat(page.at("#rejections tr").nth(1)).containsText("“some” is not a quantity");
    assertThat(page.at("#rejections tr").nth(2)).containsText("The sku is blank");
    page.click("#more-rejections");
    assertThat(page.at("#rejections-shown")).hasText("100 of " + rejected.length + " shown");
    page.click("#more-rejections");
    assertThat(page.at("#rejections-shown")).hasText("150 of " + rejected.length + " shown");
    assertThat(page.rejectedRows()).startsWith(7, 207, 407).hasSize(150).isSorted();
    page.click("#more-products");
    assertThat(page.at("#products-shown")).hasText("100 rows shown");

    Download rejections = page.download("#download-rejections");
    assertThat(rejections.suggestedFilename()).isEqualTo("autumn-rejected.csv");
    assertThat(Files.readAllLines(rejections.path()))
        .hasSize(1 + rejected.length)
        .startsWith("sku,name,price,currency,quantity,Colour,_row,_error")
        .anyMatch(line -> line.startsWith(file.record(7) + ",7,"))
        .anyMatch(line -> line.startsWith(file.record(207) + ",207,"));
    Download products = page.download("#download-products");
    assertThat(products.suggestedFilename()).isEqualTo("autumn-accepted.csv");
    assertThat(Files.readAllLines(products.path())).hasSize(1 + ROWS - rejected.length);
  }

  @Test
  void importsTheSampleAndGivesEachReason() throws Exception {
    page.open("/");
    page.click("#sample");
    assertThat(page.at("#chosen")).containsText("sample-products.csv");
    page.click("#upload");
    page.awaitState("complete");

    assertThat(page.text("#message")).isEqualTo("32 rows accepted, 8 rows rejected.");
    assertThat(page.at("#steps .past")).hasText(new String[] {"Upload", "Queue", "Import", "Done"});
    assertThat(page.count("created")).isEqualTo(32);
    assertThat(page.count("rejected")).isEqualTo(8);
    assertThat(page.at("#rejections tr:not(.same-row)")).hasCount(8);
    assertThat(page.at("#rejections")).containsText("“on request” is not a price.");
    assertThat(page.at("#causes")).containsText("image_url is not the address of an image");
    assertThat(page.at("#causes")).containsText("The row has more or fewer cells than the header");
    assertThat(page.at("#products tr")).hasCount(32);
    assertThat(page.at("#products tr").first()).containsText("12.90 EUR");
    assertThat(page.accessibilityViolations()).isEmpty();

    List<NewContextOptions> others =
        List.of(
            new NewContextOptions().setColorScheme(ColorScheme.DARK),
            new NewContextOptions().setViewportSize(375, 800).setIsMobile(true));
    for (NewContextOptions other : others) {
      try (WaybillPage elsewhere = chromium.newPage(server.port(), other)) {
        elsewhere.open(page.url());
        elsewhere.awaitState("complete");
        assertThat(elsewhere.at("#products tr")).hasCount(32);
        assertThat(elsewhere.accessibilityViolations()).isEmpty();
        assertThat(elsewhere.complaints()).isEmpty();
      }
    }
  }

  @Test
  void showsTheResultBeforeTheFinishedProgressOnAPhone() throws Exception {
    page.open("/");
    page.upload("result.csv", "sku,name\nRES-1,Mug\nRES-2,Cup\n,Pot\n");
    page.awaitState("complete");
    NewContextOptions phone = new NewContextOptions().setViewportSize(375, 812).setIsMobile(true);
    try (WaybillPage small = chromium.newPage(server.port(), phone)) {
      small.open(page.url());
      small.awaitState("complete");
      assertThat(small.at("#bar")).isHidden();
      assertThat(small.at("#eta-caption")).hasText("Took");
      // These parts are fetched after the state of the job.
      assertThat(small.at("#causes-part")).isVisible();
      assertThat(small.at("#rejections-part")).isVisible();
      assertThat(small.at("#undo")).isVisible();
      // The order of the document is the order for the keyboard and for screen readers.
      assertThat(
              small.evaluate(
                  """
                  () => ['counts', 'progress', 'undo', 'causes-part', 'rejections-part', 'steps',
                      'transaction-id']
                    .map((id) => document.getElementById(id))
                    .every((element, at, all) => at === 0
                      || (all[at - 1].compareDocumentPosition(element)
                          & Node.DOCUMENT_POSITION_FOLLOWING
                        && all[at - 1].getBoundingClientRect().top
                          < element.getBoundingClientRect().top))
                  """))
          .isEqualTo(true);
      assertThat(
              small.evaluate(
                  "() => document.getElementById('undo').getBoundingClientRect().bottom"
                      + " <= innerHeight"))
          .as("the counts and the undo are visible without scrolling")
          .isEqualTo(true);
      assertThat(small.accessibilityViolations()).isEmpty();
      assertThat(small.complaints()).isEmpty();

      small.click("#again");
      Path running = new LongFile("RUN", ROWS).writeTo(folder.resolve("running.csv"));
      small.choose("running.csv", Files.readAllBytes(running));
      small.click("#upload");
      small.awaitState("running");
      assertThat(small.at("#bar")).isVisible();
      assertThat(
              small.evaluate(
                  """
                  () => document.getElementById('bar').getBoundingClientRect().top
                    < document.getElementById('counts').getBoundingClientRect().top
                  """))
          .isEqualTo(true);
      small.at("#tracking button").focus();
      small.cancel(small.text("#transaction-id"));
      small.awaitState("cancelled");
      assertThat(small.at("#tracking button")).isFocused();
    }
  }

  @Test
  void saysWhyAFileIsRefusedAndTakesTheNextOne() throws Exception {
    page.open("/");
    page.upload("logo.csv", PNG);
    page.awaitState("refused");
    assertThat(page.at("#problem")).hasAttribute("data-problem", "not-text");
    assertThat(page.at("#problem")).containsText("It is a PNG image");

    page.upload("empty.csv", new byte[0]);
    assertThat(page.at("#problem")).hasAttribute("data-problem", "file-empty");
    assertThat(page.at("#problem")).containsText("empty");

    page.upload("headers.csv", "Old SKU,name\nREF-1,Mug\n");
    assertThat(page.at("#problem")).hasAttribute("data-problem", "column-missing");
    assertThat(page.at("#problem")).containsText("The column sku is missing.");
    page.awaitState("refused");
    assertThat(page.accessibilityViolations()).isEmpty();
    page.click("text=Read “Old SKU” as sku");
    page.click("#upload");
    page.awaitState("complete");
    assertThat(page.at("#problem")).isHidden();
    assertThat(page.count("created")).isEqualTo(1);
  }

  @Test
  void sendsABrokenUploadAgain() {
    page.open("/");
    page.setOffline(true);
    page.upload("offline.csv", "sku,name\nOFF-1,Mug\n");
    page.awaitState("interrupted");
    assertThat(page.at("#problem")).containsText("The upload broke off");

    page.setOffline(false);
    page.click("#retry");
    page.awaitState("complete");
    assertThat(page.count("rows")).isEqualTo(1);
  }

  @Test
  void cancelsARunningImportAndFindsItAgainByBackAndForward() throws Exception {
    page.open("/");
    page.drop(new LongFile("CAN", ROWS).writeTo(folder.resolve("cancelled.csv")));
    page.click("#upload");
    page.awaitState("running");
    page.click("#cancel");
    page.awaitState("cancelled");

    assertThat(page.text("#message")).contains("stays stored");
    assertThat(page.count("rows"))
        .isLessThan(ROWS)
        .isEqualTo(page.count("created") + page.count("rejected"));
    String address = page.url();
    int rows = page.count("rows");

    page.click("#again");
    page.awaitState("idle");
    assertThat(page.url()).isEqualTo("/");
    assertThat(page.at("#job")).isHidden();
    page.back();
    page.awaitState("cancelled");
    assertThat(page.url()).isEqualTo(address);
    assertThat(page.count("rows")).isEqualTo(rows);
    page.forward();
    page.awaitState("idle");
  }

  @Test
  void storesNothingInADryRun() {
    page.open("/");
    page.at("#dry-run").check();
    page.upload("dry.csv", "sku,name\nDRY-1,Mug\n,Cup\n");
    page.awaitState("complete");

    assertThat(page.text("#message"))
        .isEqualTo("Dry run: nothing was stored. 1 row accepted, 1 row rejected.");
    assertThat(page.at("#dry-run-note")).isVisible();
    assertThat(page.at("#steps .past")).hasText(new String[] {"Upload", "Queue", "Check", "Done"});
    assertThat(page.at("#rejections tr")).hasCount(1);
    assertThat(page.statusOf("/api/products/DRY-1")).isEqualTo(404);
  }

  @Test
  void saysThatAJobIsUnknown() {
    page.open("/?job=0123456789abcdef0123456789abcdef");
    page.awaitState("unknown");
    assertThat(page.at("#problem")).hasAttribute("data-problem", "job-unknown");

    page.open("/?job=x';ls");
    page.awaitState("unknown");
    assertThat(page.at("#problem")).containsText("Not a transaction ID");
    page.click("#again");
    page.awaitState("idle");
  }

  @Test
  void tracksAJobByItsTransactionId() {
    page.open("/");
    page.upload("track.csv", "sku,name\nTRK-1,Mug\n");
    page.awaitState("complete");
    String id = page.text("#transaction-id");

    page.open("/");
    page.at("#track-id").fill(" " + id);
    page.at("#track-id").press("Enter");
    page.awaitState("complete");
    assertThat(page.at("#transaction-id")).hasText(id);
  }
}
