package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All steps for a file on the page: preview, check, import, repair, history and undo. */
class ImportCentreIT {

  /**
   * A file with a title above the header, unusual column names, ambiguous numbers and bad cells.
   */
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
  void offersAColumnOfPricesAsThePriceAndSaysNoticesInWordsOfThePage() throws Exception {
    byte[] file =
        "Export\nsku;name;Brutto VK\nVKP-1;Tür;1.299,00\nVKP-2;Mug;19,90\n".getBytes(ISO_8859_1);
    page.choose("vk.csv", file);
    page.click("#look");
    page.awaitState("review");
    assertThat(page.at("#review-unread")).containsText("No column is read as “Price”.");
    assertThat(page.at("#review-notices")).containsText("1 line above the header is skipped.");
    assertThat(page.at("#review-notices")).containsText("choose another “Charset” in the preview");
    assertThat(page.accessibilityViolations()).isEmpty();

    page.click("text=Use “Brutto VK” as Price");
    assertThat(page.at("#review-rows tr").first()).containsText("1299");
    assertThat(page.at("#review-unread")).isHidden();
    assertThat(page.at("#review-columns select").last()).isFocused();
    page.click("#review-import");
    page.awaitState("complete");
    String first = page.url();
    page.click("#again");
    page.upload("vk.csv", file);
    page.awaitState("complete");
    page.at("#notices a", "Show that import").click();
    page.awaitState("complete");
    assertThat(page.url()).isEqualTo(first);
  }

  @Test
  void leadsFromThePreviewOverTheCheckToTheImportWithOnePrimaryButtonEach() throws Exception {
    assertPrimary("look", "File");
    page.choose("path.csv", "sku,name,price\nPTH-1,Mug,1\nPTH-2,Cup,x\n");
    assertPrimary("look", "File");
    page.at("#look").focus();
    page.press("Tab");
    assertThat(page.at("#upload")).isFocused();
    assertThat(page.at("#upload")).hasText("Import without preview");
    page.press("Shift+Tab", "Enter");

    page.awaitState("review");
    assertPrimary("review-check", "Preview");
    page.at("#review-check").focus();
    page.press("Tab");
    assertThat(page.at("#review-import")).isFocused();
    assertThat(page.at("#review-import")).hasText("Import without a check");
    page.press("Shift+Tab", "Enter");

    assertThat(page.at("#headline")).hasText("Check complete");
    assertPrimary("import-checked", "Check");
    page.click("#back-to-preview");
    page.awaitState("review");
    assertPrimary("review-import", "Preview");
    assertThat(page.at("#review-import")).hasText("Import");
    page.at("#review-columns select").last().selectOption("-");
    assertPrimary("review-check", "Preview");
    assertThat(page.at("#review-import")).hasText("Import without a check");
    page.back();
    page.click("#import-checked");
    assertThat(page.at("#headline")).hasText("Import complete");
    assertPrimary("again", null);
    page.repair(1);
    assertPrimary("repair-send", null);
    page.click("#repair-close");
    assertPrimary("again", null);
  }

  /** Checks that one button is primary, and which step of the path is the current one. */
  private void assertPrimary(String button, String step) {
    assertThat(page.at("button.primary:visible")).hasCount(1);
    assertThat(page.at("button.primary:visible")).hasId(button);
    if (step == null) {
      assertThat(page.at("#path")).isHidden();
    } else {
      assertThat(page.at("#path [aria-current=step]")).hasText(step);
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
  void saysThatAPreviewWasClosedInAnotherTab() {
    for (String button : List.of("#review-import", "#review-profile-save")) {
      page.open("/");
      page.choose("tabs.csv", "sku,name\nTAB-1,Mug\n");
      page.click("#look");
      page.awaitState("review");
      WaybillPage other = page.newTab();
      other.open(page.url());
      other.awaitState("review");
      other.click("#review-leave");
      other.awaitState("idle");
      await().until(() -> page.statusOf(page.url().replaceFirst(".*=", "/api/previews/")) == 404);

      page.click("text=Rules for this import");
      page.at("#review-profile").fill("weekly");
      page.click(button);

      page.awaitState("gone");
      assertThat(page.at("#message"))
          .containsText("Perhaps it was closed or imported in another tab.");
      assertThat(page.at("#problem")).isHidden();
      page.click("#again");
      page.awaitState("idle");
    }
  }

  @Test
  void saysThatAPreviewIsGoneAndOffersSavedSettings() {
    page.open("/?preview=0123456789abcdef0123456789abcdef");
    page.awaitState("gone");
    assertThat(page.at("#message")).containsText("There is no preview at this address.");
    assertThat(page.at("#problem")).isHidden();
    assertThat(page.at("#again")).hasText("Upload the file again");
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
  void deletesSavedSettingsAfterASecondClick() throws Exception {
    for (String name : List.of("Supplier B", "Supplier C")) {
      page.open("/");
      lookAt("profile.csv", "sku,name,Shade\nDEL-1,Mug,red\n");
      page.click("text=Rules for this import");
      page.at("#review-profile").fill(name);
      page.click("#review-profile-save");
      assertThat(page.at("#review-note")).hasText("Saved as “" + name + "”.");
    }
    page.click("#profiles-title");
    assertThat(page.at("#profiles-list li", "Supplier B")).isVisible();
    assertThat(page.accessibilityViolations()).isEmpty();

    page.at("[data-profile='Supplier B'] button").last().focus();
    page.press("Enter");
    assertThat(page.at("[data-profile='Supplier B'] button").last()).hasText("Really delete");
    assertThat(page.at("[data-profile='Supplier B'] button").last())
        .hasAccessibleName("Really delete “Supplier B”");
    page.at("[data-profile='Supplier C'] button").last().click();
    assertThat(page.at("[data-profile='Supplier B'] button").last()).hasText("Delete");
    page.at("[data-profile='Supplier C'] button").last().click();

    assertThat(page.at("#review-note")).hasText("Deleted “Supplier C”.");
    assertThat(page.at("[data-profile='Supplier C']")).hasCount(0);
    assertThat(page.at("#profiles-title")).isFocused();
    assertThat(page.statusOf("/api/profiles/Supplier%20C")).isEqualTo(404);
    assertThat(page.statusOf("/api/profiles/Supplier%20B")).isEqualTo(200);
    page.at("[data-profile='Supplier B'] button").first().click();
    assertThat(page.at("#review-note")).hasText("Read again.");
  }

  @Test
  void deletesAPreviewThatItsUserNoLongerNeeds() {
    String left = lookAt("left.csv", "sku,name\nLEFT-1,Mug\n");
    assertThat(page.statusOf(left)).isEqualTo(200);
    page.back();
    page.awaitState("idle");
    page.forward();
    page.awaitState("review");
    page.click("#review-leave");
    page.awaitState("idle");
    await().until(() -> page.statusOf(left) == 404);

    String imported = lookAt("imported.csv", "sku,name\nLEFT-2,Mug\n");
    page.click("#review-import");
    page.awaitState("complete");
    assertThat(page.statusOf(imported)).isEqualTo(200);
    page.click("#again");
    page.awaitState("idle");
    await().until(() -> page.statusOf(imported) == 404);

    String checked = lookAt("checked.csv", "sku,name\nLEFT-3,Mug\n");
    page.click("#review-check");
    assertThat(page.at("#headline")).hasText("Check complete");
    page.click("#back-to-preview");
    page.awaitState("review");
    page.back();
    assertThat(page.at("#headline")).hasText("Check complete");
    assertThat(page.statusOf(checked)).isEqualTo(200);
    page.click("#import-checked");
    assertThat(page.at("#headline")).hasText("Import complete");
    await().until(() -> page.statusOf(checked) == 404);
  }

  /** Opens the preview of a file and returns its path in the API. */
  private String lookAt(String fileName, String csv) {
    page.choose(fileName, csv);
    page.click("#look");
    page.awaitState("review");
    return "/api/previews/" + page.url().substring("/?preview=".length());
  }

  @Test
  void checksAFileAgainstTheCatalogueAndImportsItAfterwards() throws Exception {
    page.post("sku,name,price,quantity\nCHG-1,Mug,100,1\nCHG-2,Cup,10,1\nCHG-3,Pot,10,1\n");
    await().until(() -> page.statusOf("/api/products/CHG-3") == 200);
    page.choose(
        "new.csv",
        "sku,name,price,quantity\nCHG-1,Mug,50,1\nCHG-2,Cup,11,7\nCHG-3,Pot,10,1\nCHG-4,Pan,1,1\n");
    page.click("#look");
    page.awaitState("review");
    page.click("#review-check");

    assertThat(page.at("#headline")).hasText("Check complete");
    assertThat(page.count("created")).isEqualTo(1);
    assertThat(page.at("#changes-title")).hasText("What will change");
    assertThat(page.at("#changes tr")).hasCount(2);
    assertThat(page.at("#changes tr").nth(1)).containsText("Price 10 → 11 +10%");
    assertThat(page.at("#changes tr").nth(1)).containsText("Quantity 1 → 7");
    page.at("#changes-filters button", "falls by more than 30 %").click();
    assertThat(page.at("#changes tr")).hasCount(1);
    assertThat(page.at("#changes tr")).containsText("Price 100 → 50 -50%");
    assertThat(page.at("#changes-filters [aria-pressed=true]")).containsText("falls");
    assertThat(page.accessibilityViolations()).isEmpty();
    assertThat(page.download("#download-changes").suggestedFilename()).isEqualTo("new-changes.csv");

    page.reload();
    assertThat(page.at("#changes tr")).hasCount(2);
    page.click("#back-to-preview");
    page.awaitState("review");
    assertThat(page.at("#review-check")).hasText("Show the check");
    page.back();
    assertThat(page.at("#changes tr")).hasCount(2);
    assertThat(page.product("CHG-1")).contains("100");

    page.click("#import-checked");
    assertThat(page.at("#headline")).hasText("Import complete");
    assertThat(page.at("#changes-title")).hasText("What has changed");
    assertThat(page.product("CHG-1")).contains("50");
  }

  @Test
  void warnsOfPricesThatFallDirectlyAboveTheButtonThatImports() throws Exception {
    page.post("sku,name,price\nWRN-1,Mug,100\nWRN-2,Cup,100\nWRN-3,Pot,10\nWRN-4,Pan,10\n");
    await().until(() -> page.statusOf("/api/products/WRN-4") == 200);
    page.choose(
        "warn.csv", "sku,name,price\nWRN-1,Mug,50\nWRN-2,Cup,60\nWRN-3,Pot,15\nWRN-4,Pan,11\n");
    page.click("#look");
    page.awaitState("review");
    page.click("#review-check");

    assertThat(page.at("#headline")).hasText("Check complete");
    assertThat(page.at("#falling-text")).hasText("2 prices fall by more than 30 %.");
    assertThat(page.at("#rising-text")).hasText("1 price rises by more than 30 %.");
    assertThat(page.at("#import-checked")).isVisible();
    assertThat(
            page.evaluate(
                """
                () => {
                  const warnings = document.getElementById('price-warnings');
                  const actions = document.getElementById('import-checked').parentElement;
                  return warnings.nextElementSibling === actions
                    && warnings.getBoundingClientRect().bottom < actions.getBoundingClientRect().top;
                }
                """))
        .isEqualTo(true);
    assertThat(page.at("#import-checked"))
        .hasAccessibleDescription(
            "2 prices fall by more than 30 %. 1 price rises by more than 30 %.");
    assertThat(page.accessibilityViolations()).isEmpty();

    page.at("#show-falling").focus();
    page.press("Enter");
    assertThat(page.at("#changes tr")).hasCount(2);
    assertThat(page.at("#changes-title")).isFocused();
    assertThat(page.at("#changes-filters [aria-pressed=true]")).containsText("falls");
    page.click("#show-rising");
    assertThat(page.at("#changes tr")).hasCount(1);

    page.click("#import-checked");
    assertThat(page.at("#headline")).hasText("Import complete");
    assertThat(page.at("#falling-part")).isHidden();
    assertThat(page.at("#rising-part")).isHidden();
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
        REP-4,@home Pan,gratis,4
        REP-5,Lid,2.50,many
        REP-6,Pen,dear,6
        """);
    page.awaitState("complete");
    assertThat(page.at("#causes li")).hasCount(2);
    assertThat(page.at("#causes li").first()).containsText("price is not a price");
    assertThat(page.at("#causes li").first()).containsText("4");
    page.at("#causes li").first().getByText("Show rows").click();
    assertThat(page.at("#rejections tr")).hasCount(4);
    page.at("#causes li").first().getByText("Show all rows").click();
    assertThat(page.at("#rejections tr")).hasCount(5);

    page.repair(1);
    assertThat(page.at("#repair-title")).hasText("Repair “price” in 4 rows");
    assertThat(page.at("#repair-send")).hasAttribute("aria-disabled", "true");
    page.at("#repair-values input").first().fill("7.77");
    page.press("Tab");
    assertThat(page.at("#repair-send")).hasText("Send 2 repaired rows");
    page.at("#repair-rows tr", "gratis").locator("input").first().fill("0.10");
    page.press("Tab");
    assertThat(page.at("#repair-send")).hasText("Send 3 repaired rows");
    assertThat(page.accessibilityViolations()).isEmpty();

    page.repair(2);
    assertThat(page.at("#repair-title")).hasText("Repair “quantity” in 1 row");
    assertThat(page.at("#repair-send")).hasText("Send 3 repaired rows");
    page.at("#repair-rows input").first().fill("5");
    page.click("#repair-close");
    page.reload();
    page.awaitState("complete");
    assertThat(page.at("#repair-part")).isHidden();
    page.repair(1);
    assertThat(page.at("#repair-send")).hasText("Send 4 repaired rows");
    page.reload();
    assertThat(page.at("#repair-title")).hasText("Repair “price” in 4 rows");
    assertThat(page.at("#repair-send")).hasText("Send 4 repaired rows");
    assertThat(page.at("#repair-values input").first()).hasValue("7.77");

    server.kill();
    page.click("#repair-send");
    page.awaitState("interrupted");
    server = WaybillProcess.startAt(server.port(), folder.resolve("data"));
    page.click("#retry");
    page.awaitState("complete");
    String repaired = page.url();
    assertThat(page.at("#from")).containsText("stock-repaired.csv");
    assertThat(page.count("created")).isEqualTo(4);
    assertThat(page.count("rejected")).isZero();
    assertThat(page.at("#products tr", "REP-4")).containsText("0.1");
    // The list of rejections has '@home, so that no spreadsheet runs it; the file had @home.
    assertThat(page.product("REP-4")).contains("\"@home Pan\"");
    assertThat(page.accessibilityViolations()).isEmpty();
    page.back();
    page.awaitState("complete");
    assertThat(page.at("#from")).containsText("stock.csv");
    assertThat(page.at("#repair-part")).isHidden();
    page.forward();
    page.awaitState("complete");
    page.click("#parent-link");
    assertThat(page.at("#repaired-note")).hasText("4 of 5 rejected rows are repaired.");
    page.reload();
    assertThat(page.at("#repaired-note")).hasText("4 of 5 rejected rows are repaired.");

    assertThat(page.at("#rejections .sent")).hasCount(4);
    page.repair(1);
    assertThat(page.at("#repair-title")).hasText("Repair “price” in 1 row");
    assertThat(page.at("#repair-rows tr")).containsText("dear");
    assertThat(page.at("#repair-sent")).containsText("3 rows were sent already.");
    assertThat(page.accessibilityViolations()).isEmpty();
    assertThat(page.at("#repair-sent a")).hasAttribute("href", repaired);
    page.at("#repair-value").fill("8.88");
    page.click("#repair-all");
    assertThat(page.at("#repair-send")).hasText("Send 1 repaired row");
    page.click("#repair-again");
    assertThat(page.at("#repair-rows tr")).hasCount(4);
    assertThat(page.at("#repair-sent")).isHidden();
    // The replacement was made before the rows that were sent were listed again.
    assertThat(page.at("#repair-send")).hasText("Send 1 repaired row");
    page.reload();
    assertThat(page.at("#repair-rows tr")).hasCount(4);
    assertThat(page.at("#repair-send")).hasText("Send 1 repaired row");
    page.click("#undo");
    page.awaitState("foreseen");
    assertThat(page.at("#repaired-note")).isHidden();
  }

  /** Safari does so after 100 calls in 30 s, and every browser if the state is too large. */
  @Test
  void repairsRowsAlthoughTheBrowserRefusesToKeepThem() throws Exception {
    page.upload("stock.csv", "sku,name,price\nREF-1,Mug,cheap\nREF-2,Cup,dear\nREF-3,Pot,1.00\n");
    page.awaitState("complete");
    page.at("#causes li").first().getByText("Repair").click();
    page.evaluate(
        "void (History.prototype.replaceState = () => { throw new DOMException('', 'Security') })");

    page.at("#repair-values input").first().fill("7.77");
    page.press("Tab");

    assertThat(page.at("#repair-send")).hasText("Send 1 repaired row");
    page.click("#repair-send");
    page.awaitState("complete");
    assertThat(page.at("#from")).containsText("stock-repaired.csv");
    assertThat(page.count("created")).isEqualTo(1);
  }

  @Test
  void showsWhatAnUndoWouldDoAndThenUndoesTheImportAndTheUndo() throws Exception {
    page.post("sku,name,price\nUND-4,Pan,5\n");
    await().until(() -> page.statusOf("/api/products/UND-4") == 200);
    page.upload(
        "first.csv", "sku,name,price\nUND-1,Mug,1\nUND-2,Cup,1\nUND-3,Pot,1\nUND-4,Pan,7\n");
    page.awaitState("complete");
    assertThat(page.at("#products-title")).hasText("Accepted products, as they are now");
    String imported = page.url();
    page.post("sku,name\nUND-3,Kettle\n");
    await().until(() -> page.product("UND-3").contains("Kettle"));

    page.click("#undo");
    page.awaitState("foreseen");
    assertThat(page.at("#headline")).hasText("What an undo would do");
    assertThat(page.at("#message"))
        .hasText(
            "2 products would be removed from the catalogue, 1 product would get its old values"
                + " back, 1 would be kept, because another job has changed it since.");
    assertThat(page.at("#undo-bar")).isHidden();
    assertThat(page.at("#undo-reversed-title")).hasText("Would be taken back");
    assertThat(page.at("#undo-reversed-list tr")).hasCount(3);
    assertThat(page.at("#undo-reversed-list tr", "UND-1")).containsText("Would be removed");
    assertThat(page.at("#undo-reversed-list tr", "UND-4")).containsText("Price 7 → 5");
    assertThat(page.at("#undo-kept-list")).containsText("UND-3 changed since");
    assertThat(page.statusOf("/api/products/UND-1")).isEqualTo(200);
    assertThat(page.accessibilityViolations()).isEmpty();
    page.click("#back-from-undo");
    page.awaitState("complete");
    assertThat(page.url()).isEqualTo(imported);

    undoNow("Import undone");
    assertThat(page.at("#message"))
        .hasText(
            "2 products are removed from the catalogue, 1 product has its old values back, 1 is"
                + " kept, because another job has changed it since.");
    assertThat(page.at("#undo-bar")).isHidden();
    assertThat(page.statusOf("/api/products/UND-1")).isEqualTo(404);
    assertThat(page.statusOf("/api/products/UND-3")).isEqualTo(200);
    String undo = page.url();
    page.reload();
    assertThat(page.at("#undo-reversed-list tr", "UND-4")).containsText("Price 7 → 5");
    assertThat(page.accessibilityViolations()).isEmpty();

    page.click("#undo");
    page.awaitState("foreseen");
    assertThat(page.at("#headline")).hasText("What reversing the undo would do");
    page.click("#undo");
    assertThat(page.at("#headline")).hasText("Undo reversed");
    assertThat(page.at("#message"))
        .hasText("1 product has the values of the import again, 2 removed products are back.");
    assertThat(page.statusOf("/api/products/UND-1")).isEqualTo(200);

    page.open(undo);
    assertThat(page.at("#undone-note")).containsText("This undo was reversed on ");
    assertThat(page.at("#undo")).isHidden();
  }

  @Test
  void saysWhetherAnImportIsInForceAfterUndosOfUndos() throws Exception {
    page.upload("twice.csv", "sku,name\nTWI-1,Mug\n");
    page.awaitState("complete");
    String imported = page.url();
    undoNow("Import undone");
    undoNow("Undo reversed");
    page.open(imported);
    assertThat(page.at("#undone-message")).containsText("that undo was reversed");
    assertThat(page.at("#undone-message")).containsText("the import is in force.");
    assertThat(page.at("#undone-stamp")).isHidden();
    assertThat(page.accessibilityViolations()).isEmpty();

    WaybillPage other = page.newTab();
    other.open(imported);
    assertThat(other.at("#undo")).hasText("Undo this import…");
    undoNow("Import undone");
    assertThat(page.statusOf("/api/products/TWI-1")).isEqualTo(404);
    other.click("#undo");
    assertThat(other.at("#action-note")).containsText("This import was undone on ");
    assertThat(other.at("#undo")).isHidden();
    assertThat(other.complaints()).isEmpty();
    other.closeTab();
    page.open(imported);
    assertThat(page.at("#undone-stamp")).hasText("Undone");
    page.click("#undone-by");
    assertThat(page.at("#headline")).hasText("Import undone");

    page.open("/?history");
    page.at("#history-search").fill("twice.csv");
    page.at("#history-type").selectOption("import");
    assertThat(page.at("#history-jobs li")).hasCount(1);
    assertThat(page.at("#history-jobs .badge")).hasText("Undone");
    page.at("#history-type").selectOption("undo");
    assertThat(page.at("#history-jobs li")).hasCount(6);
    assertThat(page.at("#history-jobs .badge:first-child"))
        .hasText(
            new String[] {
              "Undo", "Undo, check only",
              "Undo reversed", "Undo reversed, check only",
              "Undo", "Undo, check only"
            });
    assertThat(page.accessibilityViolations()).isEmpty();
    page.open("/");
    // The import was opened after its undos, but is older than they are.
    assertThat(page.at("#recent-jobs li").first().locator(".badge")).hasText("Undo");
    assertThat(page.at("#recent-jobs li").last().locator(".badge")).hasCount(0);
  }

  /** Lists what an undo would do, and then undoes the job that the page shows. */
  private void undoNow(String headline) {
    page.click("#undo");
    page.awaitState("foreseen");
    page.click("#undo");
    assertThat(page.at("#headline")).hasText(headline);
    page.awaitState("complete");
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

  @Test
  void listsImportsByDayAndARepairWithTheImportThatItRepairs() throws Exception {
    page.upload("family.csv", "sku,name,price\nFAM-1,Mug,cheap\nFAM-2,Cup,1\n");
    page.awaitState("complete");
    page.repair(1);
    page.at("#repair-rows input").first().fill("3");
    page.press("Tab");
    page.click("#repair-send");
    page.awaitState("complete");
    assertThat(page.at("#from")).containsText("family-repaired.csv");
    page.open("/");
    page.upload("later.csv", "sku,name\nFAM-3,Pot\n");
    page.awaitState("complete");

    page.open("/?history");
    assertThat(page.at("#history-jobs section > ol > li").first()).containsText("later.csv");
    assertThat(page.at("#history-jobs section > ol > li").nth(1)).containsText("family.csv");
    assertThat(page.at("#history-jobs .repairs > li", "family-repaired.csv")).hasCount(1);
    assertThat(page.at("#history-jobs .repairs .repair-of").first()).hasText("Repair");
    assertThat(page.at("#history-jobs h2").first())
        .hasText(
            (String)
                page.evaluate(
                    "() => new Intl.DateTimeFormat(undefined, { dateStyle: 'full' })"
                        + ".format(new Date())"));
    assertThat(page.accessibilityViolations()).isEmpty();

    page.at("#history-search").fill("family-repaired");
    assertThat(page.at("#history-jobs li")).hasCount(1);
    assertThat(page.at("#history-jobs .repairs")).hasCount(0);
  }

  @Test
  void daysAreThoseOfTheUsersTimeZone() {
    try (WaybillPage local =
        chromium.newPage(
            server.port(), new NewContextOptions().setTimezoneId("Pacific/Auckland"))) {
      local.open("/");
      assertThat(
              local.evaluate(
                  """
                  async () => {
                    const { byDay } = await import('/js/history-days.js');
                    const job = (transactionId, createdAt, parentId) =>
                      ({ transactionId, createdAt, parentId });
                    return byDay([
                      job('repair-of-repair', '2026-01-03T12:00:00Z', 'repair'),
                      job('alone', '2026-01-02T12:00:00Z', 'not-listed'),
                      job('repair', '2026-01-02T10:00:00Z', 'first'),
                      job('next-day', '2026-01-01T11:00:00Z'),
                      job('first', '2026-01-01T10:59:59Z'),
                    ]).map(({ day, imports }) => `${day}: ${imports.map((entry) =>
                      [entry.job, ...entry.repairs].map((one) => one.transactionId).join('+'))}`);
                  }
                  """))
          .asList()
          .containsExactly(
              "2026-01-03: alone",
              "2026-01-02: next-day",
              "2026-01-01: first+repair-of-repair+repair");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "de-DE, de, Import fertig, '1 Zeile angenommen, 1 Zeile abgelehnt.'",
    "fr-CA, fr, Import terminé, '1 ligne acceptée, 1 ligne rejetée.'",
    "zh-CN, zh, 导入完成, '1 行被接受，1 行被拒绝。'",
    "nl-NL, en, Import complete, '1 row accepted, 1 row rejected.'"
  })
  void speaksTheLanguageOfTheBrowser(
      String locale, String language, String headline, String message) throws Exception {
    try (WaybillPage local =
        chromium.newPage(server.port(), new NewContextOptions().setLocale(locale))) {
      local.open("/");
      local.upload("language.csv", "sku,name\nLANG-1,Mug\n,Cup\n");
      local.awaitState("complete");
      assertThat(local.at("html")).hasAttribute("lang", language);
      assertThat(local.at("#headline")).hasText(headline);
      assertThat(local.at("#message")).hasText(message);
      assertThat(local.accessibilityViolations()).isEmpty();
      assertThat(local.complaints()).isEmpty();
    }
  }

  @Test
  void saysThatARowHasMoreErrorsThanTheTableShows() {
    assertThat(
            page.evaluate(
                """
                async () => {
                  const { rejectionRows } = await import('/js/tables.js');
                  const errors = (count) => Array.from({ length: count },
                    (_, at) => ({ column: `c${at}`, code: 'price', detail: 'no price', value: 'x' }));
                  return rejectionRows([
                    { row: 1, line: 2, errors: errors(20) },
                    { row: 2, line: 3, errors: errors(20), omitted: ['errors'] },
                    { row: 3, line: 4, errors: errors(25) },
                  ]).map((line) => line.querySelector('.reason').textContent)
                    .filter((reason) => reason !== 'no price');
                }
                """))
        .asList()
        .containsExactly(
            "More errors in this row. The CSV of rejected rows has them.",
            "5 more errors in this row. The CSV of rejected rows has them.");
  }

  @Test
  void eachLanguageHasTheSameTextsWithTheSameValues() {
    assertThat(
            page.evaluate(
                """
                async () => {
                  const same = ['review.format.general', 'field.sku', 'field.gtin'];
                  const english = {
                    ...(await import('/js/texts-page.js')).PAGE,
                    ...(await import('/js/texts-en.js')).ENGLISH,
                  };
                  const values = (words) => [...new Set(JSON.stringify(words ?? '').match(/\\{\\w+\\}/g))]
                    .sort().join();
                  const wrong = [];
                  for (const language of ['de', 'fr', 'zh']) {
                    const texts = (await import(`/js/texts-${language}.js`)).TEXTS;
                    for (const code of new Set([...Object.keys(english), ...Object.keys(texts)])) {
                      if (!same.includes(code) && (!(code in english) || !(code in texts)
                          || values(texts[code]) !== values(english[code]))) {
                        wrong.push(`${language} ${code}`);
                      }
                    }
                  }
                  return wrong;
                }
                """))
        .asList()
        .isEmpty();
  }
}
