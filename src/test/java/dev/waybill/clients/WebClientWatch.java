package dev.waybill.clients;

import static dev.waybill.clients.Watched.FINAL;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** Spring's WebClient reads a single response; Reactor's operators repeat the request. */
final class WebClientWatch implements SseClient {

  // snippet
  @Override
  public void watch(URI events, EventUse use) {
    Duration pause = Duration.ofSeconds(3);
    AtomicReference<String> last = new AtomicReference<>("");
    Flux.defer(
            () ->
                WebClient.create()
                    .get()
                    .uri(events)
                    .header("Last-Event-ID", last.get())
                    .retrieve()
                    .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {}))
        // The first frame of a stream is a comment.
        .filter(event -> event.event() != null)
        .doOnNext(event -> last.set(event.id()))
        .repeatWhen(ended -> ended.delayElements(pause))
        .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, pause))
        .takeUntil(event -> FINAL.contains(event.event()))
        .doOnNext(event -> use.event(event.id(), event.event()))
        .blockLast();
  }
  // end of snippet
}
