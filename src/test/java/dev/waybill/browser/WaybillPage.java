package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.RequestOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Operates the page as a user does, in a separate browser profile. */
final class WaybillPage implements AutoCloseable {

  /** Records in the page each state, message and number of rows that it shows, in order. */
  private static final String REMEMBER =
      """
      window.shown = { states: [], messages: [], rows: [] };
      const note = (list, value) => {
        if (value && value !== list.at(-1)) {
          list.push(value);
        }
      };
      new MutationObserver(() => {
        note(shown.states, document.getElementById('state')?.dataset.state);
        note(shown.messages, document.getElementById('message')?.textContent);
        note(shown.rows, Number(document.getElementById('rows')?.dataset.value));
      }).observe(document,
        { subtree: true, childList: true, attributes: true, characterData: true });
      """;

  /**
   * Returns each accessibility rule that the page breaks, with the first element that breaks it.
   */
  private static final String AXE_RUN =
      """
      async () => (await axe.run()).violations
        .map((rule) => `${rule.id}: ${rule.nodes[0].html} ${rule.nodes[0].failureSummary}`)
      """;

  private final BrowserContext context;
  private final Page page;
  private final CDPSession session;
  private final String origin;
  private final List<String> complaints = new ArrayList<>();

  WaybillPage(Browser browser, int port, Browser.NewContextOptions options) {
    this(newContext(browser, options), "http://127.0.0.1:" + port);
    context.onRequest(
        request -> {
          String url = request.url();
          if (!url.startsWith(origin + "/") && !url.startsWith("blob:" + origin + "/")) {
            complaints.add("request to another host: " + url);
          }
        });
  }

  private WaybillPage(BrowserContext context, String origin) {
    this.context = context;
    this.origin = origin;
    page = context.newPage();
    session = context.newCDPSession(page);
    page.onPageError(error -> complaints.add("uncaught: " + error));
    page.onConsoleMessage(
        message -> {
          boolean bad = message.type().equals("error") || message.type().equals("warning");
          // The browser writes this line itself when a request fails; the page shows its own
          // message.
          if (bad && !message.text().startsWith("Failed to load resource")) {
            complaints.add(message.type() + ": " + message.text());
          }
        });
  }

  private static BrowserContext newContext(Browser browser, Browser.NewContextOptions options) {
    BrowserContext context = browser.newContext(options);
    context.setDefaultTimeout(Chromium.PATIENCE_MILLIS);
    context.addInitScript(REMEMBER);
    return context;
  }

  /** Opens another tab in the same browser: both share connections, storage and locks. */
  WaybillPage newTab() {
    return new WaybillPage(context, origin);
  }

  void closeTab() {
    page.close();
  }

  /** Things that no page should do: log or throw errors, or send requests to another host. */
  List<String> complaints() {
    return complaints;
  }

  Response open(String path) {
    return page.navigate(origin + path);
  }

  void reload() {
    page.reload();
  }

  void back() {
    page.goBack();
  }

  void forward() {
    page.goForward();
  }

  void setOffline(boolean offline) {
    context.setOffline(offline);
  }

  String url() {
    return page.url().substring(origin.length());
  }

  Locator at(String selector) {
    return page.locator(selector);
  }

  /** Finds an element by its text. */
  Locator at(String selector, String text) {
    return at(selector).filter(new Locator.FilterOptions().setHasText(text));
  }

  void click(String selector) {
    at(selector).click();
  }

  /** Selects in a preview as which field a column is read; columns count from 1. */
  void readColumnAs(int column, String field) {
    at("#review-columns select[data-column='" + column + "']").selectOption(field);
  }

  /** Presses keys, one after the other, on the element that has the focus. */
  void press(String... keys) {
    for (String key : keys) {
      page.keyboard().press(key);
    }
  }

  /** Drags files over the page and drops them in the drop zone. */
  void drop(Path... dropped) {
    dropOn("#drop", dropped);
  }

  /** Drags files over the page and drops them on the given element. */
  void dropOn(String selector, Path... dropped) {
    BoundingBox zone = at(selector).boundingBox();
    JsonArray files = new JsonArray();
    for (Path file : dropped) {
      files.add(file.toString());
    }
    JsonObject data = new JsonObject();
    data.add("items", new JsonArray());
    data.add("files", files);
    data.addProperty("dragOperationsMask", 1);
    for (String type : List.of("dragEnter", "dragOver", "drop")) {
      JsonObject event = new JsonObject();
      event.addProperty("type", type);
      event.addProperty("x", zone.x + zone.width / 2);
      event.addProperty("y", zone.y + zone.height / 2);
      event.add("data", data);
      command("Input.dispatchDragEvent", event);
    }
  }

  /** Limits how many bytes a second the browser can send; 0 removes the limit. */
  void setUploadSpeed(int bytesPerSecond) {
    JsonObject conditions = new JsonObject();
    conditions.addProperty("offline", false);
    conditions.addProperty("latency", 0);
    conditions.addProperty("downloadThroughput", -1);
    conditions.addProperty("uploadThroughput", bytesPerSecond == 0 ? -1 : bytesPerSecond);
    command("Network.emulateNetworkConditions", conditions);
  }

  private void command(String method, JsonObject parameters) {
    session.send(method, parameters);
  }

  void choose(String fileName, byte[] bytes) {
    at("#file").setInputFiles(new FilePayload(fileName, "text/csv", bytes));
  }

  void choose(String fileName, String csv) {
    choose(fileName, csv.getBytes(UTF_8));
  }

  /** Refuses calls whose path matches the pattern, like a proxy that cannot reach its server. */
  void breakCalls(String glob) {
    context.route(glob, route -> route.abort());
  }

  /** Breaks the calls and returns once so many of them have failed. */
  void breakCallsUntil(String glob, int failures, Runnable start) {
    AtomicInteger failed = new AtomicInteger();
    context.route(
        glob,
        route -> {
          failed.incrementAndGet();
          route.abort();
        });
    start.run();
    page.waitForCondition(() -> failed.get() >= failures);
  }

  void mendCalls(String glob) {
    context.unroute(glob);
  }

  Object evaluate(String script) {
    return page.evaluate(script);
  }

  /** A CSS property of an element, such as a colour or size, as the browser computes it. */
  String style(String selector, String property) {
    return (String)
        at(selector).evaluate("(element, name) => getComputedStyle(element)[name]", property);
  }

  void upload(String fileName, byte[] bytes) {
    choose(fileName, bytes);
    click("#upload");
  }

  void upload(String fileName, String csv) {
    upload(fileName, csv.getBytes(UTF_8));
  }

  /** Opens the form that repairs the rows of a cause. The first cause is 1. */
  void repair(int cause) {
    at("#causes li").nth(cause - 1).getByText("Repair").click();
  }

  void awaitState(String state) {
    assertThat(at("#state")).hasAttribute("data-state", state);
  }

  /** Waits until the page shows this number of rows. */
  void awaitRows(int rows) {
    page.waitForFunction(
        "rows => Number(document.getElementById('rows').dataset.value) >= rows", rows);
  }

  void awaitRejectedRow(int row) {
    assertThat(at("#rejections tr[data-row='" + row + "']").first()).isAttached();
  }

  int count(String id) {
    return Integer.parseInt(at("#" + id).getAttribute("data-value"));
  }

  /** The text of an element, with ordinary spaces in the place of no-break spaces. */
  String text(String selector) {
    return at(selector).innerText().replace('\u00a0', ' ');
  }

  /** The row numbers in the table of rejected rows, in the order of the table. */
  List<Integer> rejectedRows() {
    return at("#rejections tr:not(.same-row)").all().stream()
        .map(row -> Integer.valueOf(row.getAttribute("data-row")))
        .toList();
  }

  List<String> shownStates() {
    return shown("states", String.class);
  }

  List<String> shownMessages() {
    return shown("messages", String.class);
  }

  /** Those counts of rows that are not 0. */
  List<Integer> shownRows() {
    return shown("rows", Integer.class);
  }

  private <T> List<T> shown(String what, Class<T> type) {
    List<?> values = (List<?>) page.evaluate("what => shown[what]", what);
    return values.stream().map(type::cast).toList();
  }

  /**
   * Replaces the browser's notifications, which no test can see. The page has the first permission,
   * and gets the second one when it asks. {@code asked} counts how often it asks.
   */
  void replaceNotifications(String permission, String answer) {
    page.addInitScript(
        """
        window.asked = 0;
        window.notified = [];
        window.Notification = class {
          static permission = sessionStorage.getItem('permission') ?? '%1$s';
          static async requestPermission() {
            asked++;
            sessionStorage.setItem('permission', '%2$s');
            return this.permission = '%2$s';
          }
          constructor(title, options) {
            notified.push({ title, ...options });
          }
        };
        """
            .formatted(permission, answer));
  }

  void useColours(ColorScheme scheme) {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
  }

  /** Lets the test move the clock of the pages that are opened from now on. */
  void installClock() {
    page.clock().install();
  }

  /** Moves the clock of the page forward, and runs the timers that are due. */
  void passTime(Duration time) {
    page.clock().fastForward(time.toMillis());
  }

  /**
   * Makes the page believe that its tab is hidden or shown, because this browser never hides a tab.
   */
  void setHidden(boolean hidden) {
    page.evaluate(
        """
        hidden => {
          Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """,
        hidden);
  }

  /** Counts the tabs of this browser that hold a lock whose name starts with this text. */
  int locksHeld(String prefix) {
    return (int)
        page.evaluate(
            """
            async prefix => (await navigator.locks.query()).held
              .filter(({ name }) => name.startsWith(prefix)).length
            """,
            prefix);
  }

  /** Uploads a file over HTTP without using the page, and returns the ID of its job. */
  String post(String csv) {
    APIResponse response =
        context
            .request()
            .post(
                origin + "/api/upload/csv",
                RequestOptions.create().setHeader("Content-Type", "text/csv").setData(csv));
    return JsonParser.parseString(response.text())
        .getAsJsonObject()
        .get("transactionId")
        .getAsString();
  }

  /** Cancels a job over HTTP without using the page. */
  void cancel(String id) {
    context.request().delete(origin + "/api/jobs/" + id);
  }

  /** The value of one of the service's metrics, which must have no labels. */
  int metric(String name) {
    return context
        .request()
        .get(origin + "/actuator/prometheus")
        .text()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** A stored product, as JSON. */
  String product(String sku) {
    return context.request().get(origin + "/api/products/" + sku).text();
  }

  int statusOf(String path) {
    return context.request().get(origin + path).status();
  }

  Download download(String button) {
    return page.waitForDownload(() -> click(button));
  }

  /** The accessibility problems that axe-core finds by WCAG and its own rules. */
  List<String> accessibilityViolations() throws IOException {
    return accessibilityViolations(page);
  }

  static List<String> accessibilityViolations(Page page) throws IOException {
    try (InputStream axe = WaybillPage.class.getResourceAsStream("/axe.min.js")) {
      page.evaluate(new String(axe.readAllBytes(), UTF_8));
    }
    List<?> violations = (List<?>) page.evaluate(AXE_RUN);
    return violations.stream().map(String.class::cast).toList();
  }

  void screenshot(Path file) {
    page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
  }

  @Override
  public void close() {
    context.close();
  }
}
