package dev.waybill.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waybill.process.WaybillProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many tabs of one browser. Over HTTP/1.1, a browser opens at most six connections to a host. If
 * each tab kept a connection for its stream, the seventh page would not load.
 */
class TabsIT {

  /**
   * One transaction per row makes an import so slow that it runs until the end of the test or a
   * cancel.
   */
  private static final String SLOW = "--waybill.import.chunk-rows=1";

  private static final int ROWS = 400_000;
  private static final int TABS = 10;

  /** The most streams that the pages may hold open, with any number of tabs. */
  private static final int STREAMS = 3;

  @TempDir private static Path folder;
  @AutoClose private static Chromium chromium;
  private static Path dataDir;
  private static WaybillProcess server;

  private final List<WaybillPage> tabs = new ArrayList<>();
  @AutoClose private WaybillPage first;

  @BeforeAll
  static void start() {
    dataDir = folder.resolve("data");
    server = WaybillProcess.start(dataDir, SLOW);
    chromium = Chromium.launch();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void openPage() {
    first = chromium.newPage(server.port());
    tabs.add(first);
  }

  @AfterEach
  void pagesBehaved() {
    assertThat(tabs).allSatisfy(tab -> assertThat(tab.complaints()).isEmpty());
  }

  @Test
  void tenTabsShareOneStreamAndAnyOfThemCancels() throws Exception {
    upload("TEN");
    String address = first.url();
    try (HeldWrites _ = new HeldWrites(dataDir)) {
      openTabs(address);
      for (WaybillPage tab : tabs) {
        tab.awaitState("running");
      }
      assertThat(openStreams()).isEqualTo(1);
    }
    int rows = first.count("rows");
    assertThat(rows).isLessThan(ROWS);
    for (WaybillPage tab : tabs) {
      tab.awaitRows(rows + 1);
    }

    WaybillPage last = tabs.getLast();
    last.click("#cancel");
    for (WaybillPage tab : tabs) {
      tab.awaitState("cancelled");
    }
    int imported = first.count("rows");
    assertThat(tabs).allSatisfy(tab -> assertThat(tab.count("rows")).isEqualTo(imported));
    await().until(() -> openStreams() == 0);
  }

  @Test
  void theNextTabTakesOverWhenTheOneWithTheStreamCloses() throws Exception {
    upload("LEAD");
    String address = first.url();
    openTabs(address);
    WaybillPage last = tabs.getLast();
    last.awaitState("running");

    // The oldest tab holds the stream. When it closes, the next oldest tab takes over.
    while (tabs.size() > 1) {
      WaybillPage leader = tabs.removeFirst();
      leader.closeTab();
      int rows = last.count("rows");
      last.awaitRows(rows + 1);
      assertThat(last.locksHeld("waybill-job-")).isEqualTo(1);
    }
    await().until(() -> openStreams() <= 1);
    last.click("#cancel");
    last.awaitState("cancelled");

    assertThat(last.shownStates()).doesNotContain("reconnecting");
    assertThat(last.shownRows()).isSorted().endsWith(last.count("rows"));
    assertThat(last.at("#rejections tr").first()).isVisible();
  }

  @Test
  void aTabThatIsHiddenForLongGivesUpTheStreamAndComesBackToTheState() throws Exception {
    upload("HID");
    first.setHidden(true);
    await().atMost(Duration.ofSeconds(40)).until(() -> openStreams() == 0);
    int rows = first.count("rows");

    first.setHidden(false);
    first.awaitRows(rows + 1);
    await().until(() -> openStreams() == 1);
    first.click("#cancel");
    first.awaitState("cancelled");
    assertThat(first.shownStates()).doesNotContain("reconnecting");
  }

  @Test
  void tabsOnDifferentJobsLeaveConnectionsForTheNextPage() throws Exception {
    upload("JOBS");
    for (int i = 1; i < TABS; i++) {
      WaybillPage tab = first.newTab();
      tabs.add(tab);
      // These jobs wait for the first job, because the queue has one worker.
      tab.open("/?job=" + first.post("sku,name\nQ-" + i + ",Mug\n"));
      tab.awaitState("queued");
    }
    assertThat(openStreams()).isLessThanOrEqualTo(STREAMS);

    first.click("#cancel");
    for (WaybillPage tab : tabs) {
      tab.awaitState(tab == first ? "cancelled" : "complete");
    }
  }

  @Test
  void theListOfAllImportsIsLiveOverOneStream() throws Exception {
    upload("LIST");
    String id = first.text("#transaction-id");
    String running = "[data-job='" + id + "']";
    first.open("/?history");
    // These jobs wait for the first job, because the queue has one worker.
    String next = "[data-job='" + first.post("sku,name\nLIST-A,Mug\n") + "']";
    String last = "[data-job='" + first.post("sku,name\nLIST-B,Mug\n") + "']";
    for (int i = 1; i < 3; i++) {
      WaybillPage tab = first.newTab();
      tabs.add(tab);
      tab.open("/?history");
    }
    for (WaybillPage tab : tabs) {
      assertThat(tab.at(next)).containsText("place 1 in the queue");
      assertThat(tab.at(last)).containsText("place 2 in the queue");
      String outcome = tab.text(running + " .recent-outcome");
      assertThat(tab.at(running + " .recent-outcome")).not().hasText(outcome);
    }
    await().until(() -> openStreams() == 1);
    assertThat(first.accessibilityViolations()).isEmpty();
    first.screenshot(Path.of("target", "browser", "history-live.png"));

    // The oldest tab holds the stream. When it closes, another tab takes over.
    tabs.removeFirst().closeTab();
    WaybillPage other = tabs.getFirst();
    other.at(running + " a").focus();
    String outcome = other.text(running + " .recent-outcome");
    assertThat(other.at(running + " .recent-outcome")).not().hasText(outcome);
    assertThat(other.at(running + " a")).isFocused();
    other.cancel(id);
    for (WaybillPage tab : tabs) {
      assertThat(tab.at(running + " .stamp")).hasText("Cancelled");
      assertThat(tab.at(next + " .stamp")).hasText("Complete");
      assertThat(tab.at(last + " .stamp")).hasText("Complete");
    }
    await().until(() -> openStreams() == 0);
  }

  private void upload(String prefix) throws Exception {
    first.open("/");
    first.drop(new LongFile(prefix, ROWS).writeTo(folder.resolve(prefix + ".csv")));
    first.click("#upload");
    first.awaitState("running");
  }

  private void openTabs(String address) {
    while (tabs.size() < TABS) {
      WaybillPage tab = first.newTab();
      tabs.add(tab);
      tab.open(address);
    }
  }

  private int openStreams() {
    return first.metric("waybill_emitters");
  }
}
