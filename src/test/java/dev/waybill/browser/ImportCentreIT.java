package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Undo, the list of all imports, and the languages of the page. */
class ImportCentreIT extends ImportPageTestBase {

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
            "2 products were removed from the catalogue, 1 product got its old values back, 1 is"
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
    assertThat(page.at("#history-shown")).hasText("6 entries");
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
    assertThat(page.at("#history-shown")).hasText("Nothing matches.");
    page.at("#history-status").selectOption("REJECTED");
    page.at("#history-jobs a").click();
    page.awaitState("complete");
    assertThat(page.at("#from")).containsText("autumn.csv");
    page.back();
    page.awaitState("history");
  }

  @Test
  void saysThatAFailedImportOfAllOrNothingHasStoredNothing() throws Exception {
    page.choose("nothing.csv", "sku,name,price\nALL-1,Mug,1\nALL-2,Cup,2\nALL-3,Pot,x\n");
    page.click("#look");
    page.awaitState("review");
    page.click("text=Rules for this import");
    page.at("#review-on-error").selectOption("reject-all");
    page.click("#review-import");
    page.awaitState("failed");
    assertThat(page.at("#headline")).hasText("Import failed");
    assertThat(page.at("#message")).hasText("No product was stored.");
    assertThat(page.at("#problem-title")).isHidden();
    assertThat(page.at("#problem-detail")).containsText("1 of the first 3 rows were rejected");
    assertThat(page.at("#download-products")).isHidden();
    assertThat(page.accessibilityViolations()).isEmpty();

    page.open("/?history");
    page.at("#history-search").fill("nothing.csv");
    assertThat(page.at("#history-shown")).hasText("1 entry");
    assertThat(page.at("#history-jobs .recent-outcome")).hasText("nothing stored, 1 rejected");
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
    "de-DE, de, Import fertig, '1 Zeile angenommen, 1 Zeile abgelehnt.', 25 Byte, Die Felder sind,"
        + " ist leer",
    "fr-CA, fr, Import terminé, '1 ligne acceptée, 1 ligne rejetée.', 25 octets, Les champs sont,"
        + " est vide",
    "zh-CN, zh, 导入完成, '1 行被接受，1 行被拒绝。', 25 字节, 字段有, 为空",
    "nl-NL, en, Import complete, '1 row accepted, 1 row rejected.', 25 bytes, The fields are, ''"
  })
  void speaksTheLanguageOfTheBrowser(
      String locale,
      String language,
      String headline,
      String message,
      String size,
      String hint,
      String reason)
      throws Exception {
    try (WaybillPage local =
        chromium.newPage(server.port(), new NewContextOptions().setLocale(locale))) {
      local.open("/");
      assertThat(local.at("#mapping-hint")).containsText(hint);
      local.upload("language.csv", "sku,name\nLANG-1,Mug\n,Cup\n");
      local.awaitState("complete");
      assertThat(local.at("html")).hasAttribute("lang", language);
      assertThat(local.at("#headline")).hasText(headline);
      assertThat(local.at("#message")).hasText(message);
      assertThat(local.at("#from")).containsText(size);
      assertThat(local.at("#rejections .reason"))
          .hasText(
              (reason + " The sku is blank; every product needs one of its own.").stripLeading());
      assertThat(local.accessibilityViolations()).isEmpty();
      assertThat(local.complaints()).isEmpty();
    }
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
