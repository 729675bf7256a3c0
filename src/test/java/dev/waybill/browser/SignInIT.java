package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import dev.waybill.contract.Shows;
import dev.waybill.process.WaybillProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a server that needs a key. */
class SignInIT {

  private static final String KEY = "a-bootstrap-key-of-thirty-two-characters-or-more";

  @TempDir private Path folder;

  @Test
  @Shows("access.page")
  void thePageAsksForAKeyUploadsAndSignsOut() {
    try (WaybillProcess server =
            WaybillProcess.start(folder.resolve("data"), "--waybill.access.bootstrap-key=" + KEY);
        Chromium chromium = Chromium.launch();
        Page page = chromium.newPage("http://127.0.0.1:" + server.port() + "/")) {
      assertThat(page.locator("#sign-out")).isHidden();
      choose(page);
      assertThat(page.locator("#sign-in")).isVisible();

      page.fill("#sign-in-key", "wrong".repeat(10));
      page.click("#sign-in button");
      assertThat(page.locator("#sign-in-problem")).containsText("not valid");
      page.fill("#sign-in-key", KEY);
      page.click("#sign-in button");
      assertThat(page.locator("#sign-in")).isHidden();
      assertThat(page.locator("#sign-out")).isVisible();

      page.click("#upload");
      assertThat(page.locator("#state")).hasAttribute("data-state", "complete");
      assertThat(page.content()).doesNotContain(KEY);
      assertThat(String.valueOf(page.evaluate("JSON.stringify({...localStorage})")))
          .doesNotContain(KEY);

      page.click("#sign-out");
      page.waitForURL(url -> !url.contains("job="));
      assertThat(page.locator("#sign-out")).isHidden();
      choose(page);
      assertThat(page.locator("#sign-in")).isVisible();
    }
  }

  private static void choose(Page page) {
    page.locator("#file")
        .setInputFiles(
            new FilePayload(
                "shop.csv", "text/csv", "sku,name\nA1,Chair\n".getBytes(StandardCharsets.UTF_8)));
    page.click("#upload");
  }
}
