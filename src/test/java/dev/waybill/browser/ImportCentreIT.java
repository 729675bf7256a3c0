package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.waybill.process.WaybillProcess;
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

/** The way of a file through the page: preview, check, import, repair, history and undo. */
class ImportCentreIT {

  /** A header under a title, columns under other names, numbers in two possible ways, bad cells. */
  private static final String ODD =
      """
      Exported by the shop
      Old SKU;Title;Price;Stock;Colour
      %1$s-1;Mug;1.234;10;red
      %1$s-2;Cup;2.345;3;blue
      %1$s-3;Pot;3.456;x;blue
      ;Pan;4.567;5;red
      %1$s-5;Lid;5.678;many;red
      """;

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
    server = WaybillProcess.start(folder.resolve("data"));
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
  void asksWhatAFileMeansAndKeepsTheAnswersThroughReloadAndCrash() throws Exception {
    page.choose("odd.csv", ODD.formatted("ASK"));
    assertThat(page.at("#look")).hasClass("primary");
    page.click("#look");

    page.awaitState("asks");
    assertThat(page.url()).startsWith("/?preview=");
    assertThat(page.at("#review-format")).hasText("CSV, UTF-8, semicolon");
    assertThat(page.at("#review-import")).hasAttribute("aria-disabled", "true");
    assertThat(page.at("#problem")).containsText("No column is read as this yet.");
    assertThat(page.accessibilityViolations()).isEmpty();
    page.readColumnAs(1, "sku");
    assertThat(page.at("#problem")).containsText("can be read in two ways");
    page.click("text=It is 1234");

    page.awaitState("review");
    assertThat(page.at("#problem")).isHidden();
    assertThat(page.at("#review-rows tr").first()).containsText("1234");
    assertThat(page.at("#review-rows tr.bad")).hasCount(3);

    server.kill();
    page.readColumnAs(5, "-");
    page.awaitState("reconnecting");
    server = WaybillProcess.startAt(server.port(), folder.resolve("data"));
    page.awaitState("review");
    assertThat(page.at("#review-rows tr").first()).not().containsText("Colour");
    page.reload();
    page.awaitState("review");
    assertThat(page.at("#review-columns select").last()).hasValue("-");
    assertThat(page.at("#review-decimal")).hasValue("comma");

    page.click("#review-import");
    page.awaitState("complete");
    assertThat(page.count("created")).isEqualTo(2);
    assertThat(page.count("rejected")).isEqualTo(3);
    page.back();
    page.awaitState("review");
    assertThat(page.at("#review-import")).hasText("Show the import");
  }

  @Test
  void aPreviewIsUsableOnAPhoneInTheDarkAndByKeyboard() throws Exception {
    page.choose("phone.csv", ODD.formatted("PHO"));
    page.click("#look");
    page.awaitState("asks");
    NewContextOptions phone =
        new NewContextOptions()
            .setViewportSize(375, 800)
            .setColorScheme(ColorScheme.DARK)
            .setReducedMotion(ReducedMotion.REDUCE);
    try (WaybillPage small = chromium.newPage(server.port(), phone)) {
      small.open(page.url());
      small.awaitState("asks");
      small.at("#review-columns select").first().focus();
      small.press("S", "Tab");
      small.awaitState("asks");
      assertThat(small.at("#review-columns select").first()).hasValue("sku");
      assertThat(small.at("#problem")).containsText("can be read in two ways");
      assertThat(small.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
          .isEqualTo(true);
      assertThat(small.accessibilityViolations()).isEmpty();
      assertThat(small.complaints()).isEmpty();
    }
  }

  @Test
  void correctsARefusedFileInItsPreview() {
    page.upload("refused.csv", "Old SKU;name\nREF-7;Mug\n");
    page.awaitState("refused");
    page.click("#correct");
    page.awaitState("asks");
    page.click("text=Read “Old SKU” as sku");
    page.awaitState("review");
    page.click("#review-import");
    page.awaitState("complete");
    assertThat(page.statusOf("/api/products/REF-7")).isEqualTo(200);
  }

  @Test
  void saysThatAPreviewIsGoneAndOffersSavedSettings() {
    page.open("/?preview=0123456789abcdef0123456789abcdef");
    page.awaitState("gone");
    assertThat(page.at("#problem")).hasAttribute("data-problem", "preview-unknown");
    page.click("#again");
    page.awaitState("idle");

    page.choose("first.csv", "Old SKU;name\nPRO-1;Mug\n");
    page.click("#look");
    page.awaitState("asks");
    page.readColumnAs(1, "sku");
    page.awaitState("review");
    page.click("text=Rules for this import");
    page.at("#review-profile").fill("Supplier A");
    page.click("#review-profile-save");
    assertThat(page.at("#review-note")).hasText("Saved as “Supplier A”.");

    page.click("#review-leave");
    page.awaitState("idle");
    page.choose("second.csv", "Old SKU;name\nPRO-2;Cup\n");
    page.click("#look");
    page.awaitState("asks");
    page.click("#review-profile-use");
    page.awaitState("review");
    assertThat(List.of(page.text("#review-rows .sku"))).containsExactly("PRO-2");
  }

  @Test
  void repairsTheRowsOfOneCauseAndSendsThemAloneThoughTheServerWasKilled() throws Exception {
    page.upload(
        "stock.csv",
        """
        sku,name,price,quantity
        REP-1,Mug,1.50,1
        REP-2,Cup,cheap,2
        REP-3,Pot,cheap,3
        REP-4,Pan,gratis,4
        REP-5,Lid,2.50,many
        """);
    page.awaitState("complete");
    assertThat(page.at("#causes li")).hasCount(2);
    assertThat(page.at("#causes li").first()).containsText("price is not a price");
    assertThat(page.at("#causes li").first()).containsText("3");
    page.at("#causes li").first().getByText("Show rows").click();
    assertThat(page.at("#rejections tr")).hasCount(3);
    page.at("#causes li").first().getByText("Show all rows").click();
    assertThat(page.at("#rejections tr")).hasCount(4);

    page.at("#causes li").first().getByText("Repair").click();
    assertThat(page.at("#repair-title")).hasText("Repair “price” in 3 rows");
    assertThat(page.at("#repair-send")).hasAttribute("aria-disabled", "true");
    page.at("#repair-values input").first().fill("7.77");
    page.press("Tab");
    assertThat(page.at("#repair-send")).hasText("Send 2 repaired rows");
    page.at("#repair-rows tr", "gratis").locator("input").first().fill("0.10");
    page.press("Tab");
    assertThat(page.at("#repair-send")).hasText("Send 3 repaired rows");
    assertThat(page.accessibilityViolations()).isEmpty();

    server.kill();
    page.click("#repair-send");
    page.awaitState("interrupted");
    server = WaybillProcess.startAt(server.port(), folder.resolve("data"));
    page.click("#retry");
    page.awaitState("complete");
    assertThat(page.at("#from")).containsText("stock-repaired.csv");
    assertThat(page.count("created")).isEqualTo(3);
    assertThat(page.count("rejected")).isZero();
    assertThat(page.at("#products tr", "REP-4")).containsText("0.1");
  }

  @Test
  void showsWhatAnUndoWouldDoAndThenUndoesTheImportAndTheUndo() throws Exception {
    page.upload("first.csv", "sku,name\nUND-1,Mug\nUND-2,Cup\nUND-3,Pot\n");
    page.awaitState("complete");
    page.post("sku,name\nUND-3,Kettle\n");
    await().until(() -> page.product("UND-3").contains("Kettle"));

    page.click("#undo");
    assertThat(page.at("#headline")).hasText("What an undo would do");
    page.awaitState("complete");
    assertThat(page.at("#message")).hasText("2 would be taken back, 1 kept, 0 missing.");
    assertThat(page.at("#undo-kept-list")).containsText("UND-3 changed since");
    assertThat(page.statusOf("/api/products/UND-1")).isEqualTo(200);
    assertThat(page.accessibilityViolations()).isEmpty();

    page.click("#undo");
    assertThat(page.at("#headline")).hasText("Import undone");
    assertThat(page.at("#message")).hasText("2 taken back, 1 kept, 0 missing.");
    assertThat(page.statusOf("/api/products/UND-1")).isEqualTo(404);
    assertThat(page.statusOf("/api/products/UND-3")).isEqualTo(200);
    page.reload();
    assertThat(page.at("#undo-reversed-list li")).hasText(new String[] {"UND-1", "UND-2"});
    assertThat(page.accessibilityViolations()).isEmpty();

    page.click("#undo");
    assertThat(page.at("#headline")).hasText("What an undo would do");
    page.awaitState("complete");
    page.click("#undo");
    assertThat(page.at("#headline")).hasText("Import undone");
    assertThat(page.statusOf("/api/products/UND-1")).isEqualTo(200);
  }

  @Test
  void findsAnImportAmongAll() throws Exception {
    for (String name : List.of("spring.csv", "autumn.csv", "winter.csv")) {
      page.open("/");
      page.upload(name, "sku,name\nHIS-1,Mug\n,Cup\n");
      page.awaitState("complete");
    }
    page.click("text=All imports");
    page.awaitState("history");
    assertThat(page.at("#history-jobs li").first()).containsText("winter.csv");
    assertThat(page.accessibilityViolations()).isEmpty();

    page.at("#history-search").fill("Autumn");
    assertThat(page.at("#history-jobs li")).hasCount(1);
    page.at("#history-status").selectOption("FAILED");
    assertThat(page.at("#history-shown")).hasText("No import matches.");
    page.at("#history-status").selectOption("REJECTED");
    page.at("#history-jobs a").click();
    page.awaitState("complete");
    assertThat(page.at("#from")).containsText("autumn.csv");
    page.back();
    page.awaitState("history");
  }
}
