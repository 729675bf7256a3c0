package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The page as a user has it before them, in a browser profile of its own. */
final class WaybillPage implements AutoCloseable {

  /** Keeps what stood on the page in passing, in order, since it was loaded. */
  private static final String REMEMBER =
      """
      window.told = { states: [], messages: [], rows: [] };
      const note = (list, value) => {
        if (value && value !== list.at(-1)) {
          list.push(value);
        }
      };
      new MutationObserver(() => {
        note(told.states, document.getElementById('state')?.dataset.state);
        note(told.messages, document.getElementById('message')?.textContent);
        note(told.rows, Number(document.getElementById('rows')?.dataset.value));
      }).observe(document,
        { subtree: true, childList: true, attributes: true, characterData: true });
      """;

  /** Each rule that is broken, with the first element that breaks it. */
  private static final String AXE_RUN =
      """
      async () => (await axe.run()).violations
        .map((rule) => `${rule.id}: ${rule.nodes[0].html} ${rule.nodes[0].failureSummary}`)
      """;

  private final BrowserContext context;
  private final Page page;
  private final String origin;
  private final List<String> complaints = new ArrayList<>();

  WaybillPage(Browser browser, int port, Browser.NewContextOptions options) {
    context = browser.newContext(options);
    context.setDefaultTimeout(Chromium.PATIENCE_MILLIS);
    context.addInitScript(REMEMBER);
    origin = "http://127.0.0.1:" + port;
    page = context.newPage();
    page.onPageError(error -> complaints.add("uncaught: " + error));
    page.onConsoleMessage(
        message -> {
          boolean bad = message.type().equals("error") || message.type().equals("warning");
          // The browser's own line about a request that failed; the page tells it better.
          if (bad && !message.text().startsWith("Failed to load resource")) {
            complaints.add(message.type() + ": " + message.text());
          }
        });
    context.onRequest(
        request -> {
          String url = request.url();
          if (!url.startsWith(origin + "/") && !url.startsWith("blob:" + origin + "/")) {
            complaints.add("request to another host: " + url);
          }
        });
  }

  /** What no page should do: errors on the console, uncaught ones, requests that leave the host. */
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

  void click(String selector) {
    at(selector).click();
  }

  /** Drags a file of this machine over the page and lets go of it above the drop zone. */
  void drop(Path file) {
    BoundingBox zone = at("#drop").boundingBox();
    JsonArray files = new JsonArray();
    files.add(file.toString());
    JsonObject data = new JsonObject();
    data.add("items", new JsonArray());
    data.add("files", files);
    data.addProperty("dragOperationsMask", 1);
    CDPSession session = context.newCDPSession(page);
    for (String type : List.of("dragEnter", "dragOver", "drop")) {
      JsonObject event = new JsonObject();
      event.addProperty("type", type);
      event.addProperty("x", zone.x + zone.width / 2);
      event.addProperty("y", zone.y + zone.height / 2);
      event.add("data", data);
      session.send("Input.dispatchDragEvent", event);
    }
    session.detach();
  }

  void upload(String fileName, byte[] bytes) {
    at("#file").setInputFiles(new FilePayload(fileName, "text/csv", bytes));
    click("#upload");
  }

  void upload(String fileName, String csv) {
    upload(fileName, csv.getBytes(StandardCharsets.UTF_8));
  }

  void awaitState(String state) {
    assertThat(at("#state")).hasAttribute("data-state", state);
  }

  /** Waits until as many rows are counted. */
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

  String text(String selector) {
    return at(selector).innerText();
  }

  /** The numbers of the rejected rows in the table, in its order. */
  List<Integer> rejectedRows() {
    return at("#rejections tr:not(.same-row)").all().stream()
        .map(row -> Integer.valueOf(row.getAttribute("data-row")))
        .toList();
  }

  List<String> toldStates() {
    return told("states", String.class);
  }

  List<String> toldMessages() {
    return told("messages", String.class);
  }

  /** The counts of rows above zero. */
  List<Integer> toldRows() {
    return told("rows", Integer.class);
  }

  private <T> List<T> told(String what, Class<T> type) {
    List<?> values = (List<?>) page.evaluate("what => told[what]", what);
    return values.stream().map(type::cast).toList();
  }

  int statusOf(String path) {
    return context.request().get(origin + path).status();
  }

  Download download(String button) {
    return page.waitForDownload(() -> click(button));
  }

  /** What axe-core finds against WCAG and good practice. */
  List<String> accessibilityViolations() throws IOException {
    try (InputStream axe = WaybillPage.class.getResourceAsStream("/axe.min.js")) {
      page.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
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
