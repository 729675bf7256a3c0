package dev.waybill.clients;

import static dev.waybill.clients.Watched.FINAL;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * The client of the JDK, which knows HTTP and lines. {@code docs/clients.md} prints this code. Its
 * sleep is the pause of the client before it connects again; no assertion waits for that time.
 */
final class JdkWatch implements SseClient {

  // snippet
  @Override
  public void watch(URI events, EventUse use) throws InterruptedException {
    String last = "";
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (true) {
        HttpRequest request =
            HttpRequest.newBuilder(events)
                .header("Last-Event-ID", last)
                .timeout(Duration.ofSeconds(40)) // until the headers have come
                .build();
        try {
          HttpResponse<Stream<String>> response = http.send(request, BodyHandlers.ofLines());
          if (response.statusCode() == 204) {
            return; // the final event was seen before
          }
          try (Stream<String> lines = response.body()) {
            String id = "";
            String name = "";
            for (Iterator<String> it = lines.iterator(); it.hasNext(); ) {
              String line = it.next();
              if (line.startsWith("id:")) {
                id = line.substring(3).strip();
              } else if (line.startsWith("event:")) {
                name = line.substring(6).strip();
              } else if (line.isEmpty() && !name.isEmpty()) {
                last = id;
                use.event(id, name);
                if (FINAL.contains(name)) {
                  return;
                }
                name = "";
              }
            }
          }
        } catch (IOException | UncheckedIOException e) {
          // The connection was lost.
        }
        Thread.sleep(Duration.ofSeconds(3));
      }
    }
  }
  // end of snippet
}
