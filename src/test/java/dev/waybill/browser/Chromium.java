package dev.waybill.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Starts the Chromium that is installed on the machine. Playwright supplies the driver and
 * downloads no browser.
 */
public final class Chromium implements AutoCloseable {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  /** Longer than a crashed server needs to start again and to continue its job. */
  static final double PATIENCE_MILLIS = 120_000;

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  public static Chromium launch() {
    Path executable = executable();
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions().setExecutablePath(executable).setArgs(arguments()));
    return new Chromium(playwright, browser);
  }

  WaybillPage newPage(int port) {
    return new WaybillPage(browser, port, new Browser.NewContextOptions());
  }

  WaybillPage newPage(int port, Browser.NewContextOptions options) {
    return new WaybillPage(browser, port, options);
  }

  /** Opens a page at any address, also if its certificate is self-signed. */
  public Page newPage(String url) {
    Page page = browser.newPage(new Browser.NewPageOptions().setIgnoreHTTPSErrors(true));
    page.navigate(url);
    return page;
  }

  /** A browser without cookies, whose pages share what they store. */
  BrowserContext newContext() {
    return browser.newContext();
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  private static List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync"));
    if (System.getProperty("user.name").equals("root")) {
      // As root, Chromium refuses to run with its sandbox.
      arguments.add("--no-sandbox");
    }
    return arguments;
  }

  private static Path executable() {
    List<Path> folders = Stream.of(System.getenv("PATH").split(":")).map(Path::of).toList();
    return NAMES.stream()
        .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "No Chromium on the PATH; looked for " + String.join(", ", NAMES)));
  }
}
