package dev.waybill.clients;

import static dev.waybill.clients.Watched.FINAL;

import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.sse.SseEventSource;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Jersey's SseEventSource reconnects with the last event ID, even after a 204. */
final class JerseyWatch implements SseClient {

  // snippet
  @Override
  public void watch(URI events, EventUse use) throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Client client = ClientBuilder.newClient();
    try (SseEventSource source =
        SseEventSource.target(client.target(events))
            .reconnectingEvery(3, TimeUnit.SECONDS)
            .build()) {
      source.register(
          event -> {
            if (event.getName() == null) {
              return; // a comment
            }
            use.event(event.getId(), event.getName());
            if (FINAL.contains(event.getName())) {
              end.countDown();
            }
          });
      source.open();
      // It never stops by itself: closing it at the final event does.
      end.await();
    } finally {
      client.close();
    }
  }
  // end of snippet
}
