package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.waybill.process.WaybillProcess;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page shows of a file before its import: the preview and the saved settings. */
class PreviewPageIT extends ImportPageTestBase {

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
    assertThat(page.at("#review-columns .left-out")).hasCount(1);
    assertThat(page.accessibilityViolations()).isEmpty();
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
    assertPrimary("correct", "File");
    page.click("#correct");
    page.awaitState("asks");
    page.click("text=Read “Old SKU” as sku");
    page.awaitState("review");
    page.click("#review-import");
    page.awaitState("complete");
    assertThat(page.statusOf("/api/products/REF-7")).isEqualTo(200);
  }

  @Test
  void leadsToAnotherFileAfterAFileWasRefused() {
    page.choose("logo.csv", new byte[] {(byte) 0x89, 'P', 'N', 'G', 0});
    page.click("#look");
    page.awaitState("refused");
    assertPrimary("another", "File");
    assertThat(page.at("#another")).isFocused();
    page.choose("table.csv", "sku,name\nREF-8,Mug\n");
    assertPrimary("look", "File");
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
}
