package dev.waybill.faults;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.waybill.browser.Chromium;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example {@code notifications} through nginx: two administrators are on two pods. */
class NotificationsOverPodsIT {

  private static final String SETTINGS =
      "--spring.config.additional-location=file:"
          + Path.of("examples/waybill.yaml").toAbsolutePath();

  /** Enough tabs to reach two pods, because nginx distributes streams by their number. */
  private static final int MOST_TABS = 6;

  @Test
  void anOrderPopsUpForAdministratorsOnTwoPods() {
    try (Cluster cluster = Cluster.up(SETTINGS);
        Chromium chromium = Chromium.launch()) {
      String examples = "http://localhost:" + cluster.nginxPort() + "/examples/notifications/";
      Map<String, Page> administrators = new LinkedHashMap<>();
      for (int i = 0; i < MOST_TABS && administrators.size() < 2; i++) {
        Page page = chromium.newPage(examples + "admin.html");
        assertThat(page.locator("#connection")).hasAttribute("data-pod", Pattern.compile(".+"));
        administrators.put(page.locator("#connection").getAttribute("data-pod"), page);
      }
      assertThat(administrators).hasSize(2);

      Page customer = chromium.newPage(examples + "index.html");
      customer
          .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Place order"))
          .click();
      assertThat(customer.locator("#placed")).containsText("was placed");
      for (Page administrator : administrators.values()) {
        assertThat(administrator.locator("#popup")).containsText("A mug");
        assertThat(administrator.locator("#orders li")).hasCount(1);
      }
      Page shown = administrators.values().iterator().next();
      shown.screenshot(
          new Page.ScreenshotOptions()
              .setPath(Path.of("target", "browser", "example-notifications-pods.png")));
    }
  }
}
