package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.process.WaybillProcess;
import org.junit.jupiter.api.Test;

/** The check of a file against the catalogue, and the repair of rejected rows, on the page. */
class CheckAndRepairIT extends ImportPageTestBase {

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
    assertThat(page.at("#changes tr")).containsText("Price 100 → 50 −50%");
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
  void showsTheCurrencyOfAPriceIfItChangesToo() {
    page.post("sku,name,price,currency\nCUR-1,Mug,100,EUR\nCUR-2,Cup,10,EUR\n");
    await().until(() -> page.statusOf("/api/products/CUR-2") == 200);
    page.upload("currency.csv", "sku,name,price,currency\nCUR-1,Mug,50,EUR\nCUR-2,Cup,11,USD\n");
    page.awaitState("complete");

    assertThat(page.at("#changes tr", "CUR-1")).containsText("Price 100 → 50 −50%");
    assertThat(page.at("#changes tr", "CUR-2")).containsText("Price 10.00 EUR → 11.00 USD +10%");
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
    assertThat(page.at("#causes-overlap")).isHidden();
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

  @Test
  void saysThatARowWithTwoCausesCountsTwice() throws Exception {
    page.upload(
        "overlap.csv", "sku,name,price,quantity\nOVR-1,Mug,1,1\nOVR-2,Cup,x,x\nOVR-3,Pot,x,1\n");
    page.awaitState("complete");
    assertThat(page.at("#causes .cause-count")).hasText(new String[] {"2", "1"});
    assertThat(page.at("#causes-overlap"))
        .hasText(
            "A row can have several causes, so these numbers add up to more than 2 rejected rows.");
    assertThat(page.accessibilityViolations()).isEmpty();
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
            "5\u00a0more errors in this row. The CSV of rejected rows has them.");
  }
}
