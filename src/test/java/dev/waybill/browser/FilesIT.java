package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.options.ForcedColors;
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
import org.junit.jupiter.api.io.TempDir;

/**
 * What the page shows about files: before they are sent, during the upload, and about their jobs.
 */
class FilesIT {

  /** One transaction per row makes an import slow, so that it runs until a test cancels it. */
  private static final String SLOW = "--waybill.import.chunk-rows=1";

  private static final int ROWS = 200_000;

  @TempDir private static Path folder;
  @AutoClose private static Chromium chromium;
  private static WaybillProcess server;

  @AutoClose private WaybillPage page;

  @BeforeAll
  static void start() {
    server = WaybillProcess.start(folder.resolve("data"), SLOW);
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
  void aJobWithEveryRowRejectedDoesNotLookLikeASuccess() throws Exception {
    page.upload("bad.csv", "sku,name,price\nBAD-1,Mug,cheap\n,Cup,1\nBAD-3,,2\n");
    page.awaitState("rejected");

    assertThat(page.text("#message")).startsWith("3 of 3 rows rejected.");
    assertThat(page.style("#state", "color"))
        .isEqualTo(page.style("#bar .fill", "backgroundColor"))
        .isNotEqualTo(page.style(".steps [data-step=upload]", "borderTopColor"));
    assertThat(page.at("#download-rejections")).isVisible();
    assertThat(page.at("#download-products")).isHidden();
    assertThat(page.accessibilityViolations()).isEmpty();
  }

  @Test
  void recommendsThePreviewAndNamesTheColumnsThatNoFieldTakes() throws Exception {
    page.choose("shop.csv", "SKU;Name;Farbe;\"Gewicht; netto\"\nCOL-1;Mug;rot;300\n");
    assertThat(page.at("#preview-hint")).isVisible();
    assertThat(page.at("#look")).hasClass("primary");
    assertThat(page.accessibilityViolations()).isEmpty();
    page.click("#upload");
    page.awaitState("complete");
    assertThat(page.at("#unrecognised"))
        .hasText(
            "2 columns are not product fields. They are kept as attributes: Farbe, Gewicht;"
                + " netto.");
  }

  @Test
  void showsWhatMustNotPassInSilence() throws Exception {
    page.upload("prices.csv", "sku;name;Preis\nNOT-1;Mug;12,90\nNOT-2;Cup;1.249,00\n");
    page.awaitState("complete");

    assertThat(page.at("#notices"))
        .containsText("Preis: The numbers have a decimal comma: 1.234,50");
    assertThat(page.accessibilityViolations()).isEmpty();
  }

  @Test
  void aRefusalAndItsMappingGoWhenAnotherFileIsChosen() {
    page.upload("odd.csv", "Old SKU,name\nODD-1,Mug\n");
    page.awaitState("refused");
    page.click("text=Read “Old SKU” as sku");
    assertThat(page.at("#mapping")).hasValue("Old SKU:sku");

    page.choose("even.csv", "sku,name\nEVEN-1,Mug\n");
    page.awaitState("idle");
    assertThat(page.at("#problem")).isHidden();
    assertThat(page.at("#mapping")).hasValue("");
    page.click("#upload");
    page.awaitState("complete");
  }

  @Test
  void severalFilesDroppedAnywhereAreSeveralUploads() throws Exception {
    Path first = Files.writeString(folder.resolve("one.csv"), "sku,name\nSEV-1,Mug\n");
    Path second = Files.writeString(folder.resolve("two.csv"), "sku,name\nSEV-2,Cup\n,Pot\n");
    Path image =
        Files.write(folder.resolve("logo.csv"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0});

    page.dropOn(".masthead", first, image, second);
    assertThat(page.at("#chosen")).containsText("3 files");
    assertThat(page.at("#upload")).hasText("Import 3 files");
    page.click("#upload");
    page.awaitState("partly");

    assertThat(page.text("#message")).startsWith("2 of 3 files accepted.");
    assertThat(page.at("#problem")).containsText("logo.csv");
    assertThat(page.at("#recent-jobs li")).hasCount(2);
    assertThat(page.at("#recent-jobs li", "one.csv")).containsText("1 row accepted");
    assertThat(page.at("#recent-jobs li", "two.csv")).containsText("1 row accepted, 1 rejected");
    assertThat(page.accessibilityViolations()).isEmpty();
    assertThat(page.statusOf("/api/products/SEV-1")).isEqualTo(200);
    assertThat(page.statusOf("/api/products/SEV-2")).isEqualTo(200);
  }

  @Test
  void aFileDroppedOnAWatchedJobGoesToTheForm() throws Exception {
    page.upload("watched.csv", "sku,name\nDRP-1,Mug\n");
    page.awaitState("complete");
    page.dropOn("#counts", Files.writeString(folder.resolve("next.csv"), "sku,name\nDRP-2,Cup\n"));

    page.awaitState("idle");
    assertThat(page.url()).isEqualTo("/");
    assertThat(page.at("#chosen")).containsText("next.csv");
    page.click("#upload");
    page.awaitState("complete");
    assertThat(page.statusOf("/api/products/DRP-2")).isEqualTo(200);
  }

  @Test
  void anUploadShowsItsOwnBarSpeedAndTime() throws Exception {
    Path file = new LongFile("UPL", ROWS).writeTo(folder.resolve("upload.csv"));
    page.setUploadSpeed(1_000_000);
    page.drop(file);
    page.click("#upload");
    page.awaitState("uploading");

    assertThat(page.at("#upload-rate")).containsText("B/s");
    assertThat(page.at("#upload-eta")).containsText(" s");
    assertThat(page.at("#upload-percent")).not().hasText("0%");
    assertThat(page.at("#bar")).isHidden();
    assertThat(page.accessibilityViolations()).isEmpty();
    page.setUploadSpeed(0);
    page.awaitState("running");
    assertThat(page.at("#upload-bar")).isHidden();
    assertThat(page.at("#bar")).isVisible();
    page.click("#cancel");
    page.awaitState("cancelled");
  }

  @Test
  void theBarKeepsItsWidthWhateverThePercentage() {
    page.upload("width.csv", "sku,name\nWID-1,Mug\n");
    page.awaitState("complete");

    List<?> widths =
        (List<?>)
            page.evaluate(
                """
                () => ['0%', '9.9%', '10.0%', '99.9%', '100%'].map((text) => {
                  document.getElementById('progress').classList.remove('ended');
                  document.getElementById('percent').textContent = text;
                  return document.getElementById('bar').getBoundingClientRect().width;
                })
                """);
    assertThat(widths.stream().distinct()).hasSize(1);
    assertThat(page.evaluate("() => percent.scrollWidth <= percent.clientWidth")).isEqualTo(true);
  }

  @Test
  void whatIsOldIsHiddenWhileTheConnectionIsLostAndFetchedWhenItIsBack() throws Exception {
    page.drop(new LongFile("OFF", ROWS).writeTo(folder.resolve("offline.csv")));
    page.click("#upload");
    page.awaitState("running");
    String address = page.url();
    page.awaitRows(500);
    assertThat(page.at("#rate")).isVisible();

    page.breakCalls("**/rejections?**");
    page.open(address);
    page.awaitState("running");
    assertThat(page.at("#action-note")).hasText("The server cannot be reached.");
    server.kill();
    page.awaitState("reconnecting");
    assertThat(page.at("#rate")).isHidden();
    assertThat(page.at("#eta")).isHidden();

    page.mendCalls("**/rejections?**");
    server = WaybillProcess.startAt(server.port(), folder.resolve("data"), SLOW);
    page.awaitState("running");
    assertThat(page.at("#action-note")).isEmpty();
    page.awaitRejectedRow(7);
    assertThat(page.at("#rate")).isVisible();
    page.click("#cancel");
    page.awaitState("cancelled");
  }

  @Test
  void aQueuedJobSaysItsPlace() throws Exception {
    page.drop(new LongFile("QUE", ROWS).writeTo(folder.resolve("queue.csv")));
    page.click("#upload");
    page.awaitState("running");
    WaybillPage second = page.newTab();
    second.open("/");
    second.upload("second.csv", "sku,name\nQUE-2,Mug\n");
    second.awaitState("queued");
    WaybillPage third = page.newTab();
    third.open("/");
    third.upload("third.csv", "sku,name\nQUE-3,Mug\n");
    third.awaitState("queued");

    assertThat(second.at("#place")).hasText("Next in the queue.");
    assertThat(third.at("#place")).hasText("Place 2 in the queue: 1 import is ahead.");
    second.click("#cancel");
    second.awaitState("cancelled");
    assertThat(third.at("#place")).hasText("Next in the queue.");
    page.click("#cancel");
    third.awaitState("complete");
    assertThat(third.at("#place")).isHidden();
  }

  @Test
  void theLastJobsOfThisBrowserAreListedUnderTheForm() {
    for (int i = 1; i <= 11; i++) {
      page.upload("file-" + i + ".csv", "sku,name\nREC-" + i + ",Mug\n");
      page.awaitState("complete");
      page.click("#again");
      page.awaitState("idle");
    }
    assertThat(page.at("#recent-jobs li")).hasCount(10);
    assertThat(page.at("#recent-jobs a").first()).hasText("file-11.csv");
    assertThat(page.at("#recent-jobs .stamp").first()).hasText("Complete");

    page.reload();
    page.at("#recent-jobs a").last().click();
    page.awaitState("complete");
    assertThat(page.at("#from")).containsText("file-2.csv");
    page.open("/");
    page.click("#clear-recent");
    assertThat(page.at("#recent")).isHidden();
    page.reload();
    page.awaitState("idle");
    assertThat(page.at("#recent")).isHidden();
  }

  @Test
  void theBarCanBeSeenInColoursThatTheUserChose() {
    NewContextOptions forced = new NewContextOptions().setForcedColors(ForcedColors.ACTIVE);
    try (WaybillPage contrast = chromium.newPage(server.port(), forced)) {
      contrast.open("/");
      contrast.upload("forced.csv", "sku,name\nFRC-1,Mug\n");
      contrast.awaitState("complete");
      assertThat(contrast.style("#bar .fill", "backgroundColor"))
          .isNotEqualTo(contrast.style("#bar", "backgroundColor"));
    }
  }
}
