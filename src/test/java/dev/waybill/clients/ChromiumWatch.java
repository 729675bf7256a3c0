package dev.waybill.clients;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.waybill.browser.Chromium;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the package fetch-event-source in a page of the service, as if a bundler had added it to the
 * page.
 */
final class ChromiumWatch implements SseClient {

  private static final String SCRIPT = "/modules/fetch-event-source.js";
  private static final String PACKAGE = "/modules/@microsoft/fetch-event-source/";
  private static final Path PACKAGE_FOLDER =
      ProgramWatch.FOLDER.resolve("node_modules/@microsoft/fetch-event-source/lib/esm");

  private static final String WATCH =
      """
      async url => {
        const { watch } = await import('/modules/fetch-event-source.js');
        await watch(url, (id, name) => use(id, name));
      }
      """;

  @Override
  public void watch(URI events, EventUse use) {
    try (Chromium chromium = Chromium.launch()) {
      Page page = chromium.newPage(events.resolve("/").toString());
      page.route("**/modules/**", ChromiumWatch::serve);
      page.exposeFunction(
          "use",
          event -> {
            use.event((String) event[0], (String) event[1]);
            return null;
          });
      page.evaluate(WATCH, events.getPath());
    }
  }

  /** Answers the page's request for one of the package's modules. */
  static void serve(Route route) {
    String path = URI.create(route.request().url()).getPath();
    Path file =
        path.equals(SCRIPT)
            ? ProgramWatch.FOLDER.resolve("fetch-event-source.js")
            : PACKAGE_FOLDER.resolve(path.substring(PACKAGE.length()) + ".js");
    try {
      String module =
          Files.readString(file)
              .replace("'@microsoft/fetch-event-source'", "'" + PACKAGE + "index'");
      route.fulfill(new Route.FulfillOptions().setContentType("text/javascript").setBody(module));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
