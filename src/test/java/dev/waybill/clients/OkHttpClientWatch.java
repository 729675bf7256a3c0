package dev.waybill.clients;

import static dev.waybill.clients.Watched.FINAL;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;
import org.jspecify.annotations.Nullable;

/** okhttp-sse does not reconnect automatically, so this code does. */
final class OkHttpClientWatch implements SseClient {

  // snippet
  @Override
  public void watch(URI events, EventUse use) {
    // By default a read times out after 10 s. A comment comes every 15 s.
    OkHttpClient http = new OkHttpClient.Builder().readTimeout(Duration.ofSeconds(40)).build();
    CompletableFuture<Void> end = new CompletableFuture<>();
    EventSource.Factory factory = EventSources.createFactory(http);
    factory.newEventSource(
        new Request.Builder().url(events.toString()).build(),
        new EventSourceListener() {
          private String last = "";

          @Override
          public void onEvent(EventSource source, String id, String name, String data) {
            last = id;
            use.event(id, name);
            if (FINAL.contains(name)) {
              end.complete(null);
              source.cancel();
            }
          }

          @Override
          public void onClosed(EventSource source) {
            reconnect();
          }

          @Override
          public void onFailure(EventSource source, @Nullable Throwable t, @Nullable Response r) {
            reconnect();
          }

          private void reconnect() {
            if (!end.isDone()) {
              Request again =
                  new Request.Builder()
                      .url(events.toString())
                      .header("Last-Event-ID", last)
                      .build();
              CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS)
                  .execute(() -> factory.newEventSource(again, this));
            }
          }
        });
    end.join();
  }
  // end of snippet
}
