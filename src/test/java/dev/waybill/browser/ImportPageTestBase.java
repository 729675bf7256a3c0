package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.waybill.process.WaybillProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser, with a server of its own for each class of tests. */
abstract class ImportPageTestBase {

  @TempDir static Path folder;

  @AutoClose static Chromium chromium;

  static WaybillProcess server;

  @AutoClose WaybillPage page;

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
}
