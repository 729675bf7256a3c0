package dev.waybill.faults;

import com.microsoft.playwright.Page;
import dev.waybill.browser.Chromium;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Watches with Chromium's own EventSource, over HTTP/2 through nginx. It reconnects by itself,
 * except after an answer that it regards as an error. Use it only on the thread that created it.
 */
final class BrowserWatcher implements Watching {

  private static final String WATCH =
      """
      (path) => {
        window.connections = [];
        const source = new EventSource(path);
        source.onopen = () => connections.push([]);
        const names = ['snapshot', 'progress', 'rows', 'rejected', 'complete', 'cancelled', 'error'];
        window.gaveUp = new Promise((gaveUp) => {
          for (const name of names) {
            source.addEventListener(name, (event) => {
              if (event.data !== undefined) {
                connections.at(-1).push({ id: event.lastEventId, name, data: event.data });
              } else if (source.readyState === EventSource.CLOSED) {
                gaveUp(true);
              }
            });
          }
        });
      }
      """;

  private static final String AWAIT =
      """
      (millis) => Promise.race([gaveUp, new Promise((tired) => setTimeout(tired, millis, false))])
      """;

  private final int port;
  private final Chromium chromium = Chromium.launch();
  private final Page page;

  BrowserWatcher(int port, String jobId) {
    this.port = port;
    page = chromium.newPage("https://127.0.0.1:" + port + "/");
    page.evaluate(WATCH, "/api/jobs/" + jobId + "/events");
  }

  @Override
  public boolean awaitSentAway(long millis) {
    return (boolean) page.evaluate(AWAIT, Math.toIntExact(millis));
  }

  @Override
  public List<Watch> watches() {
    JsonNode seen =
        JsonMapper.shared().readTree((String) page.evaluate("JSON.stringify(connections)"));
    List<Connection> connections = new ArrayList<>();
    for (JsonNode connection : seen.values()) {
      connections.add(
          new Connection(port, null, connection.values().stream().map(this::event).toList()));
    }
    return List.of(new Watch(connections));
  }

  private Event event(JsonNode event) {
    return new Event(
        event.get("id").asString(),
        event.get("name").asString(),
        JsonMapper.shared().readTree(event.get("data").asString()));
  }

  /** How many connections it has opened. */
  int connections() {
    return watches().getFirst().connections().size();
  }

  @Override
  public List<String> oddities() {
    return List.of();
  }

  @Override
  public String toString() {
    return "EventSource in Chromium";
  }

  @Override
  public void close() {
    chromium.close();
  }
}
